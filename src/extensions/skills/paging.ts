import { McpError } from '../../protocol/errors.ts'

/** Something that has a URI, in a list in the order of URIs. */
interface Addressed {
  readonly uri: string
}

/** How much goes on one page; the first entry always does. */
export interface PageSize {
  readonly entries: number
  /** Characters of JSON. */
  readonly characters: number
}

/** A part of a list, and what leads to the next. */
export interface Page<T> {
  readonly entries: readonly T[]
  readonly nextCursor?: string
}

/**
 * The page behind a cursor. The list is in the order of its URIs, and a cursor is the last URI that was shown: so
 * nothing that stays is shown twice or left out, whatever comes and goes. No entry is split.
 */
export function pageOf<T extends Addressed>(list: readonly T[], cursor: string | undefined, size: PageSize): Page<T> {
  const last = cursor === undefined ? undefined : readCursor(cursor)
  const rest = last === undefined ? list : list.filter(({ uri }) => uri > last)
  const entries = rest.slice(0, fitting(rest, size))
  const end = entries.at(-1)
  return end === undefined || entries.length === rest.length ? { entries } : { entries, nextCursor: btoa(end.uri) }
}

function fitting(list: readonly unknown[], { entries, characters }: PageSize): number {
  let sum = 0
  for (const [index, entry] of list.entries()) {
    sum += JSON.stringify(entry).length
    if (index > 0 && (index >= entries || sum > characters)) return index
  }
  return list.length
}

/** URIs are ASCII, which base64 takes as it is. */
function readCursor(cursor: string): string {
  try {
    const uri = atob(cursor)
    if (/^[a-z]+:\/\/[!-~]*$/.test(uri)) return uri
  } catch {
    // Said below, as for any other text that is no cursor.
  }
  throw new McpError('INVALID_PARAMS', 'Invalid cursor. List again from the start, without a cursor')
}
