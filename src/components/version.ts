/** The key under which a request names the version that it wants, and a definition the one that it is. */
export const VERSION_KEY = 'fastmcp/version'
/** The key under which a definition names all versions that there are, the highest first. */
export const VERSIONS_KEY = 'fastmcp/versions'

/** Whether `one` is lower (below 0), the same (0) or higher. No version is the lowest; texts that are none come after it. */
export function compareVersions(one: string | undefined, other: string | undefined): number {
  if (one === other) return 0
  if (one === undefined || other === undefined) return one === undefined ? -1 : 1
  const [a, b] = [parse(one), parse(other)]
  if (a === undefined || b === undefined) {
    if (a === undefined && b === undefined) return one < other ? -1 : 1
    return a === undefined ? -1 : 1
  }
  return compareLists(a.numbers, b.numbers) || compareStages(a.stage, b.stage)
}

/** Whether a version is the one that was asked for: exactly, or the same number written otherwise. */
export function isVersion(version: string | undefined, asked: string): boolean {
  return version !== undefined && compareVersions(version, asked) === 0
}

interface Parsed {
  readonly numbers: readonly number[]
  /** What stands behind a `-`; a version with it comes before the one without. */
  readonly stage: readonly (string | number)[] | undefined
}

const SEMANTIC = /^v?(\d{1,9}(?:\.\d{1,9}){0,3})(?:-([0-9A-Za-z.-]+))?(?:\+[0-9A-Za-z.-]+)?$/

/** `2`, `2.1` and `2.1.0` are the same; what is missing counts as 0. */
function parse(version: string): Parsed | undefined {
  const [, numbers, stage] = SEMANTIC.exec(version) ?? []
  if (numbers === undefined) return undefined
  const parts = stage?.split('.').map((part) => (/^\d{1,9}$/.test(part) ? Number(part) : part))
  return { numbers: numbers.split('.').map(Number), stage: parts }
}

function compareLists(one: readonly number[], other: readonly number[]): number {
  for (let i = 0; i < Math.max(one.length, other.length); i++) {
    const difference = (one[i] ?? 0) - (other[i] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}

/** By the rules of semantic versions: numbers by size and before texts, and the longer of two that begin alike comes after. */
function compareStages(one: Parsed['stage'], other: Parsed['stage']): number {
  if (one === undefined || other === undefined) return one === other ? 0 : one === undefined ? 1 : -1
  for (let i = 0; i < Math.max(one.length, other.length); i++) {
    const [a, b] = [one[i], other[i]]
    if (a === b) continue
    if (a === undefined || b === undefined) return a === undefined ? -1 : 1
    if (typeof a !== typeof b) return typeof a === 'number' ? -1 : 1
    return a < b ? -1 : 1
  }
  return 0
}
