import type { FastMCP } from '../index.ts'

/** What a loaded file exports. */
export type Exports = Readonly<Record<string, unknown>>

/** Where a server was found, or what may make one. */
export type Found =
  | { readonly kind: 'server'; readonly server: FastMCP }
  | { readonly kind: 'factory'; readonly name: string; readonly make: () => unknown }
  | { readonly kind: 'nothing' }

/** The exports that are looked at, in this order, when none is named. */
export const SERVER_NAMES = ['mcp', 'server', 'app', 'default'] as const

const BRAND = Symbol.for('fastmcp.server')

/** Whether a value is a server of any copy of this library. */
export function isServer(value: unknown): value is FastMCP {
  return typeof value === 'object' && value !== null && BRAND in value && value[BRAND] === true
}

/**
 * Finds the server among the exports of a file: the named one, or the first of `SERVER_NAMES`
 * that is one. Without a server, the only factory is found instead. Calls nothing.
 */
export function findServer(exports: Exports, name?: string): Found {
  const names = name === undefined ? SERVER_NAMES : [name]
  for (const candidate of names) {
    const value = Object.hasOwn(exports, candidate) ? exports[candidate] : undefined
    if (isServer(value)) return { kind: 'server', server: value }
  }
  const [factory, another] = factories(exports).filter(({ name: known }) => name === undefined || known === name)
  return factory === undefined || another !== undefined ? { kind: 'nothing' } : { kind: 'factory', ...factory }
}

/** The exported functions that make a server, as far as their names and parameters tell. */
export function factories(exports: Exports): { readonly name: string; readonly make: () => unknown }[] {
  const found = new Map<unknown, { readonly name: string; readonly make: () => unknown }>()
  for (const [name, value] of Object.entries(exports)) {
    if (!isPlainFunction(value) || value.length > 0) continue
    if (!/^(create|make|build)/.test(name) && name !== 'default') continue
    if (name !== 'default' || !found.has(value)) found.set(value, { name, make: () => value() })
  }
  return [...found.values()]
}

/** Whether a value is a class. */
export function isClass(value: unknown): boolean {
  return typeof value === 'function' && /^class\b/.test(Function.prototype.toString.call(value))
}

/** Whether a value is a function that may be called without `new`. */
export function isPlainFunction(value: unknown): value is (...args: unknown[]) => unknown {
  return typeof value === 'function' && !isClass(value)
}
