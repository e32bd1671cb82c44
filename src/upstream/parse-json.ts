/** One of the letters of `__proto__`, escaped. */
const ESCAPED = /\\u00(?:5f|6f|7[024])/i

/**
 * What a text is as JSON; undefined where it is none. Members named `__proto__` are dropped: code that copies them would
 * change what all objects inherit.
 */
export function parseJson(text: string): unknown {
  try {
    const mayHoldIt = text.includes('__proto__') || (text.includes('\\u00') && ESCAPED.test(text))
    if (!mayHoldIt) return JSON.parse(text)
    return JSON.parse(text, (key, value) => (key === '__proto__' ? undefined : value))
  } catch {
    return undefined
  }
}
