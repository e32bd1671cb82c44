import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { FastMCP } from '../index.ts'
import { type Exports, findServer, isServer, SERVER_NAMES } from './find-server.ts'
import { thrown } from './load-failure.ts'
import { loadModule, setLoading } from './load-module.ts'
import { missingServer, notFromFactory } from './missing-server.ts'

/** A file that should export a server. */
export interface ServerFile {
  readonly path: string
  readonly exportName: string | undefined
}

/** Loads a file and gives the server that it exports, or that its only factory makes. */
export async function openServer({ path: file, exportName }: ServerFile): Promise<FastMCP> {
  setLoading(true)
  const loaded = await loadModule(file)
  const names = exportName === undefined ? SERVER_NAMES : [exportName]
  const exports = await attempt(() => settled(loaded, names), `${file} failed while it was loading`)
  const found = findServer(exports, exportName)
  if (found.kind === 'server') return found.server
  if (found.kind === 'nothing') {
    throw missingServer({ file, exports, source: await readFile(resolve(file), 'utf8') }, exportName)
  }
  const { name, make } = found
  const made = await attempt(make, `${name === 'default' ? 'The default export' : `${name}()`} of ${file} failed`)
  if (isServer(made)) return made
  throw notFromFactory(file, name, made)
}

/** Waits for promises of servers: `export const mcp = createServer()` of an async function is one. */
async function settled(exports: Exports, names: readonly string[]): Promise<Exports> {
  const found: Record<string, unknown> = { ...exports }
  for (const name of names) if (exports[name] instanceof Promise) found[name] = await exports[name]
  return found
}

async function attempt<T>(work: () => T, message: string): Promise<Awaited<T>> {
  try {
    return await work()
  } catch (problem) {
    throw thrown(problem, message)
  }
}
