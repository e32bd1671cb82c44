import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { FastMCP } from '../index.ts'
import { findServer, isServer } from './find-server.ts'
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
  const exports = await settled(await loadModule(file))
  const found = findServer(exports, exportName)
  if (found.kind === 'server') return found.server
  if (found.kind === 'nothing') {
    throw missingServer({ file, exports, source: await readFile(resolve(file), 'utf8') }, exportName)
  }
  const made = await attempt(
    found.make,
    `${found.name === 'default' ? 'The default export' : `${found.name}()`} of ${file} failed`,
  )
  if (isServer(made)) return made
  throw notFromFactory(file, found.name, made)
}

/** Exported promises, waited for: `export const mcp = createServer()` of an async function is one. */
async function settled(exports: Readonly<Record<string, unknown>>): Promise<Readonly<Record<string, unknown>>> {
  const entries = Object.entries(exports).map(async ([name, value]) => [
    name,
    value instanceof Promise ? await value : value,
  ])
  return Object.fromEntries(await Promise.all(entries))
}

async function attempt(make: () => unknown, message: string): Promise<unknown> {
  try {
    return await make()
  } catch (problem) {
    throw thrown(problem, message)
  }
}
