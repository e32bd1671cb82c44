import type { AnyComponent } from '../components/component.ts'
import { compareVersions, isVersion } from '../components/version.ts'
import { DefinitionError } from '../protocol/errors.ts'
import type { Transform } from '../providers/provider.ts'
import { remap } from './remap.ts'

/** Which versions are shown. */
export interface VersionRange {
  /** This one and higher. */
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
  const { from, below, exactly, unversioned = true } = range
  if (from === undefined && below === undefined && exactly === undefined) {
    throw new DefinitionError('versions', 'say which: from, below or exactly')
  }
  const isShown = ({ version }: AnyComponent): boolean => {
    if (version === undefined) return unversioned
    if (exactly !== undefined && !isVersion(version, exactly)) return false
    if (from !== undefined && compareVersions(version, from) < 0) return false
    return below === undefined || compareVersions(version, below) < 0
  }
  return (source) =>
    remap(source, { show: <C extends AnyComponent>(component: C) => (isShown(component) ? component : undefined) })
}
