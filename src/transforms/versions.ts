import { checkKeys } from '../components/check-keys.ts'
import type { AnyComponent } from '../components/component.ts'
import { compareVersions, isVersion } from '../components/version.ts'
import { DefinitionError } from '../protocol/errors.ts'
import type { Transform } from '../providers/provider.ts'
import { remap } from './remap.ts'

/** Which versions are shown. */
export interface VersionRange {
  /** This one and higher, with the stages before it: `2` begins with `2.0.0-rc.1`. */
  readonly from?: string
  /** Lower than this one. */
  readonly below?: string
  /** This one alone. */
  readonly exactly?: string
  /** Whether components without a version are shown, too; default true. */
  readonly unversioned?: boolean
}

/**
 * Shows some versions of the components of a source: of each the highest of them answers, and callers may ask for another of
 * them, but for no one outside the range. Two servers over one source are its views.
 *
 * @example
 * const v1 = new FastMCP({ name: 'shop', version: '1' })
 * v1.mount(pipe(shop, versions({ below: '2' })))
 * const v2 = new FastMCP({ name: 'shop', version: '2' })
 * v2.mount(pipe(shop, versions({ from: '2' })))
 */
export function versions(range: VersionRange): Transform {
  checkKeys('versions', range, ['from', 'below', 'exactly', 'unversioned'])
  const { from, below, exactly, unversioned = true } = range
  if (from === undefined && below === undefined && exactly === undefined) {
    throw new DefinitionError('versions', 'say which: from, below or exactly')
  }
  const [lowest, end] = [edgeOf(from), edgeOf(below)]
  const isShown = ({ version }: AnyComponent): boolean => {
    if (version === undefined) return unversioned
    if (exactly !== undefined && !isVersion(version, exactly)) return false
    if (lowest !== undefined && compareVersions(version, lowest) < 0) return false
    return end === undefined || compareVersions(version, end) < 0
  }
  return (source) =>
    remap(source, { show: <C extends AnyComponent>(component: C) => (isShown(component) ? component : undefined) })
}

/** A view of what is below 2 shall not show a candidate of 2: the stages of a version are on its side of a bound. */
function edgeOf(bound: string | undefined): string | undefined {
  return bound !== undefined && /^v?[\d.]+$/.test(bound) ? `${bound}-0` : bound
}
