import { FastMCPError } from '../protocol/errors.ts'

/** Which values of a cache are meant. In a pattern `*` stands for any text, also none. */
export type Invalidation =
  | { readonly key: string }
  | { readonly prefix: string }
  | { readonly pattern: string }
  | { readonly tag: string }

/** Whether an entry, by its key and tags, is meant. */
export type EntryMatch = (key: string, tags: readonly string[]) => boolean

/** Makes the test for what is meant. Throws `FastMCPError` with code `SETTING` where that is nothing. */
export function matchOf(which: Invalidation): EntryMatch {
  if ('key' in which) return (key) => key === which.key
  if ('prefix' in which) return (key) => key.startsWith(which.prefix)
  if ('tag' in which) return (_, tags) => tags.includes(which.tag)
  if ('pattern' in which) {
    const parts = which.pattern.split('*')
    return (key) => fits(key, parts)
  }
  throw new FastMCPError('SETTING', 'invalidate: give one of `key`, `prefix`, `pattern` and `tag`')
}

/** Whether `text` is the parts with any text between them; takes time in proportion to its length, never more. */
function fits(text: string, parts: readonly string[]): boolean {
  const [first = '', ...others] = parts
  const last = others.pop()
  if (last === undefined) return text === first
  if (!text.startsWith(first) || !text.endsWith(last) || text.length < first.length + last.length) return false
  const end = text.length - last.length
  let from = first.length
  for (const part of others) {
    const found = text.indexOf(part, from)
    if (found < 0 || found + part.length > end) return false
    from = found + part.length
  }
  return from <= end
}
