/** How deep what code gives may nest: as deep as what a client sends. */
export const MOST_LEVELS = 64

/** Whether data nests deeper than that. */
export function isTooDeep(data: unknown, left: number = MOST_LEVELS): boolean {
  if (typeof data !== 'object' || data === null) return false
  return left === 0 || Object.values(data).some((inner) => isTooDeep(inner, left - 1))
}
