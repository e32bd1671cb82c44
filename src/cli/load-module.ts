import { existsSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { Failure } from './failure.ts'
import type { Exports } from './find-server.ts'
import { explainLoad } from './load-failure.ts'
import { fileMissing } from './missing-file.ts'

/** While set, `mcp.run()` returns at once: the command line serves the server, not the file. */
const LOADING = Symbol.for('fastmcp.loading')

/** Says whether a file is being loaded, to every copy of the library in this process. */
export function setLoading(isLoading: boolean): void {
  Reflect.set(globalThis, LOADING, isLoading)
}

/** Runs a JavaScript or TypeScript file and gives what it exports. Rejects with a `Failure`. */
export async function loadModule(file: string): Promise<Exports> {
  const path = resolve(file)
  if (!existsSync(path) || !statSync(path).isFile()) throw fileMissing(file)
  let giveUp: () => void = () => undefined
  const stuck = new Promise<never>((_, reject) => {
    giveUp = () => reject(new Failure(`${file} never finishes loading`, 'A top-level await in it waits for ever.'))
  })
  // With nothing left to do and the file still waiting, Node would end here without a word.
  process.once('beforeExit', giveUp)
  try {
    return await Promise.race([importFile(path), stuck])
  } catch (problem) {
    throw await explainLoad(problem, { file, path })
  } finally {
    process.off('beforeExit', giveUp)
  }
}

async function importFile(path: string): Promise<Exports> {
  if (isTypeScript(path) && !nodeStripsTypes()) return importWithJiti(path)
  try {
    return (await import(pathToFileURL(path).href)) as Exports // a module namespace is a record of its exports
  } catch (problem) {
    if (isBeyondNode(problem)) return importWithJiti(path)
    throw problem
  }
}

function isTypeScript(path: string): boolean {
  return /\.[cm]?ts$/.test(path)
}

/** Node 22.18, 23.6 and later take the types out by themselves. */
function nodeStripsTypes(): boolean {
  const how: unknown = Reflect.get(process.features, 'typescript')
  return how === 'strip' || how === 'transform'
}

/** What the loader understands and Node does not; all of it is told before any line of the file has run. */
const BEYOND_NODE: ReadonlySet<unknown> = new Set([
  'ERR_UNKNOWN_FILE_EXTENSION',
  'ERR_UNSUPPORTED_DIR_IMPORT',
  'ERR_UNSUPPORTED_NODE_MODULES_TYPE_STRIPPING',
  'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX',
])

function isBeyondNode(problem: unknown): boolean {
  if (!(problem instanceof Error) || !('code' in problem)) return false
  if (BEYOND_NODE.has(problem.code)) return true
  // `./name` and `./name.js` that mean name.ts: written for a bundler or for the compiler.
  if (problem.code !== 'ERR_MODULE_NOT_FOUND' || !('url' in problem)) return false
  const missing = new URL(String(problem.url))
  return ['', '.ts', '.mts', '/index.ts'].some((ending) => existsSync(new URL(typed(missing.href, ending))))
}

function typed(url: string, ending: string): string {
  return ending === '' ? url.replace(/\.([cm]?)js$/, '.$1ts') : `${url}${ending}`
}

async function importWithJiti(path: string): Promise<Exports> {
  const { createJiti } = await import('jiti')
  return createJiti(import.meta.url, { interopDefault: false, fsCache: cacheFor(path) }).import<Exports>(path)
}

/** Among the project's own modules: a directory that all users share could hold somebody else's code. */
function cacheFor(path: string): string | false {
  const folder = dirname(path)
  if (existsSync(join(folder, 'node_modules'))) return join(folder, 'node_modules', '.cache', 'fastmcp')
  return folder === dirname(folder) ? false : cacheFor(folder)
}
