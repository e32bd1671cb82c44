/** What a second decoding would turn into a separator, a dot or a NUL, at any depth of encoding. */
const ENCODED = /%(?:25)*(2e|2f|5c|00)/gi
const CLIMBING = /(?:^|\/)\.\.[. ]*(?:\/|$)/
const ROOTED = /^(?:\/|~|[A-Za-z]:)/

/**
 * Whether a value could lead out of a directory that it is joined to: `..` segments, plain or still
 * encoded, absolute paths, drive letters, a home directory, backslashes, NUL.
 */
export function isUnsafePath(value: string): boolean {
  if (value.includes('\0') || value.includes('\\') || ROOTED.test(value) || CLIMBING.test(value)) return true
  // Forms that some file system or second decoder would fold into the ones above.
  const folded = value.replaceAll(ENCODED, (_, code: string) => decodeURIComponent(`%${code}`)).normalize('NFKC')
  return folded !== value && isUnsafePath(folded)
}
