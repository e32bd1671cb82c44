import { pathToFileURL } from 'node:url'
import { type AnyComponent, KINDS } from '../../components/component.ts'
import { isRecord } from '../../protocol/json-rpc.ts'
import { timeout } from '../../resilience/timeout.ts'

type Exports = Readonly<Record<string, unknown>>

/**
 * What a file exports that is a component, whichever copy of the library made it; lists of components count, too. A file that has
 * changed is run again, but not what it imports.
 */
export async function loadFile(path: string): Promise<readonly AnyComponent[]> {
  const load = isTypeScript(path) && !nodeStripsTypes() ? importWithJiti : importNative
  const isAgain = loaded.has(path)
  loaded.add(path)
  const exports = await timeout(() => load(path, isAgain), MOST_MS)
  const found = new Set<AnyComponent>()
  for (const value of Object.values(exports)) {
    for (const each of Array.isArray(value) ? value : [value]) if (isComponent(each)) found.add(each)
  }
  return [...found]
}

const MOST_MS = 30_000
const loaded = new Set<string>()
let again = 0

/**
 * Node keeps modules by their address. The first time it is the one by which other files import it, so that what they export
 * of it is the same; afterwards another one each time.
 */
async function importNative(path: string, isAgain: boolean): Promise<Exports> {
  const { href } = pathToFileURL(path)
  return (await import(/* @vite-ignore */ isAgain ? `${href}?again=${++again}` : href)) as Exports // a module namespace is one
}

/** Native wherever it can be. What Node cannot read is translated, and kept for all files that import it. */
async function importWithJiti(path: string, isAgain: boolean): Promise<Exports> {
  const { createJiti } = await import('jiti')
  const jiti = createJiti(import.meta.url, {
    interopDefault: false,
    moduleCache: true,
    fsCache: false,
    tryNative: true,
  })
  if (isAgain) delete jiti.cache[path]
  return jiti.import<Exports>(path)
}

function isTypeScript(path: string): boolean {
  return /\.(?:[cm]?ts|tsx)$/.test(path)
}

/** Node 22.18, 23.6 and later take the types out by themselves. */
function nodeStripsTypes(): boolean {
  const how: unknown = Reflect.get(process.features, 'typescript')
  return how === 'strip' || how === 'transform'
}

const WORKS = { tool: 'call', resource: 'read', template: 'read', prompt: 'get' } as const

function isComponent(value: unknown): value is AnyComponent {
  if (!isRecord(value) || typeof value.id !== 'string' || !isRecord(value.definition)) return false
  const kind = KINDS.find((each) => each === value.kind)
  return kind !== undefined && typeof value[WORKS[kind]] === 'function'
}
