import { FastMCPError } from '../protocol/errors.ts'

const DEEPEST = 200

/**
 * A value as a text that is the same for equal values only: the order of members does not count, nor do members that
 * are undefined, nor the sign of zero. Takes what JSON holds, dates, big integers, `undefined` and every number. Throws
 * `FastMCPError` with code `NO_KEY` for anything else: a function or an object with a class is equal to nothing but itself.
 */
export function canonicalKey(value: unknown, depth = 0): string {
  if (typeof value === 'string') return JSON.stringify(value)
  if (typeof value === 'number') return String(value === 0 ? 0 : value)
  if (typeof value === 'bigint') return `${value}n`
  if (value === null || value === undefined || typeof value === 'boolean') return String(value)
  if (typeof value !== 'object') throw noKey(`a ${typeof value}`)
  if (depth > DEEPEST) throw noKey('nested too deep, or in itself')
  if (Array.isArray(value)) return `[${value.map((item) => canonicalKey(item, depth + 1)).join()}]`
  if (value instanceof Date) return `Date(${value.getTime()})`
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== null && prototype !== Object.prototype) throw noKey(`a ${value.constructor?.name || 'class'}`)
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, member]) => `${JSON.stringify(name)}:${canonicalKey(member, depth + 1)}`)
  return `{${members.join()}}`
}

function noKey(what: string): FastMCPError {
  return new FastMCPError(
    'NO_KEY',
    `An argument is ${what}, which makes no key; say what counts by \`key: (...args) => text\``,
  )
}
