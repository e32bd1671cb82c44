import { stat } from 'node:fs/promises'
import { pathToFileURL } from 'node:url'
import { type AnyComponent, KINDS } from '../../components/component.ts'

type Exports = Readonly<Record<string, unknown>>

/**
 * What a file exports that is a component, whichever copy of the library made it; lists of components count, too. A file that has
 * changed is run again, but not what it imports.
 */
export async function loadFile(path: string): Promise<readonly AnyComponent[]> {
  const exports = await (isTypeScript(path) && !nodeStripsTypes() ? importWithJiti(path) : importFresh(path))
  const found = new Set<AnyComponent>()
  for (const value of Object.values(exports)) {
    for (const each of Array.isArray(value) ? value : [value]) if (isComponent(each)) found.add(each)
  }
  return [...found]
}

/** Node keeps modules by their address: another one for each time that the file was written. */
async function importFresh(path: string): Promise<Exports> {
  const { mtimeMs } = await stat(path)
  return (await import(/* @vite-ignore */ `${pathToFileURL(path).href}?v=${mtimeMs}`)) as Exports // a module namespace is one
}

/** Native wherever it can be: only what Node cannot read is translated, and that each time anew. */
async function importWithJiti(path: string): Promise<Exports> {
  const { createJiti } = await import('jiti')
  const options = { interopDefault: false, moduleCache: false, fsCache: false, tryNative: true }
  return createJiti(import.meta.url, options).import<Exports>(path)
}

function isTypeScript(path: string): boolean {
  return /\.(?:[cm]?ts|tsx|jsx)$/.test(path)
}

/** Node 22.18, 23.6 and later take the types out by themselves. */
function nodeStripsTypes(): boolean {
  const how: unknown = Reflect.get(process.features, 'typescript')
  return how === 'strip' || how === 'transform'
}

const WORKS = { tool: 'call', resource: 'read', template: 'read', prompt: 'get' } as const

function isComponent(value: unknown): value is AnyComponent {
  if (typeof value !== 'object' || value === null || !('kind' in value) || !('definition' in value)) return false
  const kind = KINDS.find((each) => each === value.kind)
  return kind !== undefined && typeof Reflect.get(value, WORKS[kind]) === 'function'
}
