const BELOW = new WeakMap<object, () => readonly object[]>()

/** Notes what a provider or server is made of, so that circles are found before anybody runs in one. */
export function noteBelow<T extends object>(made: T, below: () => readonly object[]): T {
  BELOW.set(made, below)
  return made
}

/** Whether `part` is `whole`, or anywhere below it. */
export function isWithin(part: object, whole: object, seen: Set<object> = new Set()): boolean {
  if (part === whole) return true
  if (seen.has(whole)) return false
  seen.add(whole)
  return (BELOW.get(whole)?.() ?? []).some((below) => isWithin(part, below, seen))
}
