/** How large a value is, and whether all of it is JSON. */
export interface Measure {
  values: number
  longestList: number
  /** Whether something in it is not JSON: a bigint, a function, NaN, or undefined in a list. */
  odd: boolean
  /** Whether an object has members that are undefined, which JSON leaves out. */
  gaps: boolean
}

/** Measures a value that is at most as deep as arguments may be. */
export function measure(value: unknown): Measure {
  const found: Measure = { values: 0, longestList: 0, odd: false, gaps: false }
  visit(value, found)
  return found
}

/** The place of the first part that is not JSON. */
export function oddPlace(value: unknown): readonly (string | number)[] | undefined {
  if (typeof value !== 'object' || value === null) return isScalar(value) ? undefined : []
  const isList = Array.isArray(value)
  for (const [key, member] of Object.entries(value)) {
    const rest = !isList && member === undefined ? undefined : oddPlace(member)
    if (rest !== undefined) return [isList ? Number(key) : key, ...rest]
  }
  return undefined
}

/** A copy without members that are undefined. */
export function withoutGaps(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutGaps)
  if (typeof value !== 'object' || value === null) return value
  const members = Object.entries(value).filter(([, member]) => member !== undefined)
  return Object.fromEntries(members.map(([key, member]) => [key, withoutGaps(member)]))
}

function visit(value: unknown, found: Measure): void {
  found.values++
  if (typeof value !== 'object' || value === null) found.odd ||= !isScalar(value)
  else if (Array.isArray(value)) visitItems(value, found)
  else visitMembers(value as Record<string, unknown>, found) // any object has members
}

function visitItems(items: readonly unknown[], found: Measure): void {
  if (items.length > found.longestList) found.longestList = items.length
  for (let i = 0; i < items.length; i++) visit(items[i], found)
}

function visitMembers(members: Readonly<Record<string, unknown>>, found: Measure): void {
  for (const key in members) {
    const member = members[key]
    if (member === undefined) found.gaps = true
    else visit(member, found)
  }
}

function isScalar(value: unknown): boolean {
  if (typeof value === 'number') return Number.isFinite(value)
  return typeof value === 'string' || typeof value === 'boolean' || value === null
}
