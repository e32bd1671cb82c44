import { LONGEST_NAME } from '../components/component-name.ts'
import { FastMCPError } from '../protocol/errors.ts'
import { idsOf, type NamedSource } from './collisions.ts'

/** What to tell of names of a source that some clients refuse, and all tools with them; undefined where there are none. */
export function longNamesIn(source: NamedSource): FastMCPError | undefined {
  const names = [...(idsOf(source, 'tool') ?? []), ...(idsOf(source, 'prompt') ?? [])]
  const long = names.filter((name) => name.length > LONGEST_NAME)
  if (long.length === 0) return undefined
  const words = `${long.length} names of ${source.label} are longer than ${LONGEST_NAME}, such as ${long[0]}`
  return new FastMCPError(
    'NAMES_TOO_LONG',
    `${words}: not every client takes them; shorten the namespace, or rename them`,
  )
}
