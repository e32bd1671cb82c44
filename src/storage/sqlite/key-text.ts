/**
 * A key as text that every build of SQLite gives back as it was: NUL would end it, and half a surrogate pair become
 * another character. Keys that begin alike still do.
 */
export function toKeyText(key: string): string {
  return key.replace(UNSAFE, (unit) => {
    if (unit === '\\') return '\\\\'
    return unit === '\0' ? '\\0' : `\\u${unit.charCodeAt(0).toString(16)}`
  })
}

/** The key of a text that `toKeyText` made. */
export function fromKeyText(text: string): string {
  return text.replace(ESCAPED, (_, sign: string) => {
    if (sign === '\\') return '\\'
    return sign === '0' ? '\0' : String.fromCharCode(Number.parseInt(sign.slice(1), 16))
  })
}

// With the flag `u` a surrogate is one that stands alone.
const UNSAFE = /[\\\0\p{Surrogate}]/gu
const ESCAPED = /\\(\\|0|u[0-9a-f]{4})/g
