/**
 * A JSON value as one text that does not depend on the order of members: equal values give equal texts.
 * Members that are undefined do not count.
 */
export function canonical(value: unknown): string {
  return JSON.stringify(inOrder(value)) ?? 'null'
}

/** The same value, with all members in one order. Copies and one pass of the engine cost less than text by hand. */
function inOrder(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(inOrder)
  const members = value as Readonly<Record<string, unknown>> // any object has members
  const copied: Record<string, unknown> = {}
  for (const key of sorted(Object.keys(members))) {
    if (key === '__proto__') Object.defineProperty(copied, key, { ...MEMBER, value: inOrder(members[key]) })
    else copied[key] = inOrder(members[key])
  }
  return copied
}

/** An assignment to `__proto__` would not make a member. */
const MEMBER = { enumerable: true, writable: true, configurable: true }
const FEW = 12

/** Sorts in place; by hand where it is few, as it mostly is. */
function sorted(keys: string[]): string[] {
  if (keys.length > FEW) return keys.sort()
  for (let end = 1; end < keys.length; end++) {
    const key = keys[end] ?? ''
    let at = end
    for (; at > 0 && (keys[at - 1] ?? '') > key; at--) keys[at] = keys[at - 1] ?? ''
    keys[at] = key
  }
  return keys
}
