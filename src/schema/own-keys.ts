/** Deeper values are refused unread: no honest call comes near, and no check may run out of stack. */
export const DEEPEST_VALUE = 64
/** More values than any message can hold: what has more is a cycle, or shares parts without end. */
const MOST_VALUES = 2_000_000

const CLEAN = 0
const DIRTY = 1
const REFUSED = 2
type Finding = typeof CLEAN | typeof DIRTY | typeof REFUSED

/** What `withoutProto` gives for a value that is too deep to be read. */
export const TOO_DEEP: unique symbol = Symbol('too deep')

let left = 0

/**
 * The value without members named `__proto__`, which `JSON.parse` makes into own members and careless
 * code then assigns. The value itself if it has none: nothing is copied without need.
 */
export function withoutProto(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  left = MOST_VALUES
  const finding = scan(value, 1)
  if (finding === CLEAN) return value
  return finding === DIRTY ? copy(value) : TOO_DEEP
}

function scan(value: object, depth: number): Finding {
  if (depth > DEEPEST_VALUE) return REFUSED
  return Array.isArray(value) ? scanItems(value, depth) : scanMembers(value as Record<string, unknown>, depth) // objects have members
}

function scanItems(items: readonly unknown[], depth: number): Finding {
  let found: Finding = CLEAN
  for (let i = 0; i < items.length; i++) {
    const inner = items[i]
    if (typeof inner !== 'object' || inner === null) continue
    if (--left < 0) return REFUSED
    const below = scan(inner, depth + 1)
    if (below === REFUSED) return REFUSED
    if (below === DIRTY) found = DIRTY
  }
  return found
}

function scanMembers(members: Readonly<Record<string, unknown>>, depth: number): Finding {
  let found: Finding = CLEAN
  // What JSON makes inherits nothing that could be listed here.
  for (const key in members) {
    if (key === '__proto__') found = DIRTY
    const inner = members[key]
    if (typeof inner !== 'object' || inner === null) continue
    if (--left < 0) return REFUSED
    const below = scan(inner, depth + 1)
    if (below === REFUSED) return REFUSED
    if (below === DIRTY) found = DIRTY
  }
  return found
}

function copy(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(copy)
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== null) return value
  const kept: Record<string, unknown> = {}
  for (const [key, inner] of Object.entries(value)) if (key !== '__proto__') kept[key] = copy(inner)
  return kept
}
