import { statSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { checkKeys } from '../../components/check-keys.ts'
import { type AnyComponent, type Components, KINDS, type Kind } from '../../components/component.ts'
import { labelOf } from '../../components/component-name.ts'
import type { Awaitable } from '../../engine/call.ts'
import { DefinitionError, FastMCPError } from '../../protocol/errors.ts'
import { createListeners } from '../listeners.ts'
import { createLocalProvider, type LocalProvider } from '../local.ts'
import type { Provider } from '../provider.ts'
import { watchFolders } from '../skills/watch.ts'
import { findFiles } from './find-files.ts'
import { loadFile } from './load-file.ts'

/** How a folder is read. */
export interface FilesystemOptions {
  /** Whether changed files are read again while the server runs; by default unless NODE_ENV is `production`. */
  readonly watch?: boolean
  /** Hears of files that cannot be used, each time with what is wrong; default standard error. */
  readonly onError?: (problem: Error) => void
}

/** The components of a folder, with what could not be used. */
export interface FilesystemProvider extends Provider, Disposable {
  /** What is wrong with which file, by its path from the folder. */
  readonly failed: ReadonlyMap<string, Error>
  /** Reads the folder again. */
  reload(): Promise<void>
}

/**
 * A folder as a source: every `tool()`, `resource()` and `prompt()` that its files export, in TypeScript or JavaScript. A file
 * that cannot be used is reported, and hides none of the others; one that breaks while it is worked on keeps what it had.
 *
 * @example
 * mcp.mount(filesystem('./tools'))
 */
export function filesystem(folder: string | URL, options: FilesystemOptions = {}): FilesystemProvider {
  checkKeys('filesystem', options, ['watch', 'onError'])
  const root = resolve(folder instanceof URL ? fileURLToPath(folder) : folder)
  if (!statSync(root, { throwIfNoEntry: false })?.isDirectory()) {
    throw new DefinitionError('filesystem', `there is no folder ${root}; give one that exists`)
  }
  const { watch = process.env.NODE_ENV !== 'production', onError = complain } = options
  const good = new Map<string, Loaded>()
  const listeners = createListeners()
  let failed: ReadonlyMap<string, Error> = new Map()
  let shelf: LocalProvider | undefined
  let reading: Promise<LocalProvider> | undefined
  let stopWatching: (() => void) | undefined

  const read = async (): Promise<LocalProvider> => {
    const problems = new Map<string, Error>()
    const fresh = createLocalProvider()
    const shown = new Set<AnyComponent>()
    const files = await findFiles(root)
    for (const known of good.keys()) if (!files.includes(known)) good.delete(known)
    for (const file of files) {
      const name = relative(root, file)
      try {
        const stamp = await stampOf(file)
        if (good.get(file)?.stamp !== stamp) good.set(file, { stamp, components: await loadFile(file) })
      } catch (cause) {
        problems.set(name, unusable(name, cause))
      }
      for (const component of good.get(file)?.components ?? []) {
        // What one file exports of another is there already.
        if (!shown.has(component)) put(component, fresh, (problem) => problems.set(name, problem))
        shown.add(component)
      }
    }
    for (const problem of problems.values()) onError(problem)
    failed = problems
    return fresh
  }
  const refresh = (): Promise<LocalProvider> => {
    const mine = (reading ?? Promise.resolve()).then(read, read).then((fresh) => {
      const before = shelf
      shelf = fresh
      if (before !== undefined) for (const kind of KINDS) if (differ(kind, before, fresh)) listeners.tell({ kind })
      return fresh
    })
    reading = mine
    const done = (): void => {
      if (reading === mine) reading = undefined
    }
    mine.then(done, done)
    return mine
  }
  const ready = (): Awaitable<LocalProvider> => {
    if (watch && stopWatching === undefined) {
      stopWatching = watchFolders([root], { onChange: () => void refresh().catch(onError), onError })
    }
    return shelf ?? reading ?? refresh()
  }
  const stop = (): void => {
    stopWatching?.()
    stopWatching = undefined
  }
  const then = <T>(work: (local: LocalProvider) => T): Awaitable<T> => {
    const here = ready()
    return here instanceof Promise ? here.then(work) : work(here)
  }

  return {
    get failed() {
      return failed
    },
    list: <K extends Kind>(kind: K): Awaitable<readonly Components[K][]> => then((local) => local.list(kind)),
    find: <K extends Kind>(kind: K, id: string, view: Parameters<Provider['find']>[2]) =>
      then((local) => local.find(kind, id, view)),
    onChange: listeners.add,
    async start() {
      await ready()
      return async () => stop()
    },
    reload: () => refresh().then(() => undefined),
    [Symbol.dispose]: stop,
  }
}

/** What was found in a file as it was at a moment. */
interface Loaded {
  readonly stamp: string
  readonly components: readonly AnyComponent[]
}

/** What is another after each change of a file. */
async function stampOf(file: string): Promise<string> {
  const { ctimeMs, mtimeMs, size } = await stat(file)
  return `${ctimeMs} ${mtimeMs} ${size}`
}

function put(component: AnyComponent, shelf: LocalProvider, onProblem: (problem: Error) => void): void {
  try {
    shelf.add(component)
  } catch (problem) {
    onProblem(
      problem instanceof Error ? problem : new DefinitionError(labelOf(component.kind, component.id), String(problem)),
    )
  }
}

function unusable(name: string, cause: unknown): FastMCPError {
  return new FastMCPError('FILE_UNUSABLE', `${name} cannot be used: ${wordsOf(cause).slice(0, 500)}`, { cause })
}

/** Anything can be thrown, also what cannot be made a text. */
function wordsOf(cause: unknown): string {
  try {
    return cause instanceof Error ? cause.message : String(cause)
  } catch {
    return 'it threw something that cannot be shown'
  }
}

/** Whether clients would see anything else. Components that were read again are others, though they may look the same. */
function differ(kind: Kind, before: LocalProvider, after: LocalProvider): boolean {
  return looks(before.list(kind)) !== looks(after.list(kind))
}

function looks(list: readonly AnyComponent[]): string {
  return JSON.stringify(list.map(({ definition, tags, version }) => [definition, tags, version]))
}

function complain(problem: Error): void {
  console.error(`[fastmcp] ${problem.message}`)
}
