const QUOTE = 34
const BACKSLASH = 92
/** Fewer digits are exact in every program. */
const INEXACT = /\d{16}/

/**
 * The same JSON with whole numbers that no JavaScript number holds as strings of their digits, as this library shows big
 * numbers everywhere: an id of 64 bits that lost its last digits leads to somebody else.
 */
export function withExactNumbers(text: string): string {
  if (!INEXACT.test(text)) return text
  const parts: string[] = []
  let kept = 0
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === QUOTE) at = endOfString(text, at)
    else if (isDigit(code)) {
      const start = text[at - 1] === '-' ? at - 1 : at
      const end = endOfNumber(text, at)
      const token = text.slice(start, end)
      at = end - 1
      if (/[.eE+]/.test(token) || Number.isSafeInteger(Number(token))) continue
      parts.push(text.slice(kept, start), `"${token}"`)
      kept = end
    }
  }
  return parts.length === 0 ? text : parts.join('') + text.slice(kept)
}

/** Where the closing quote is. */
function endOfString(text: string, start: number): number {
  let at = start + 1
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === QUOTE) return at
    if (code === BACKSLASH) at++
  }
  return at
}

function endOfNumber(text: string, start: number): number {
  let at = start
  while (at < text.length && isPartOfNumber(text.charCodeAt(at))) at++
  return at
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57
}

/** Digits, `.`, `e`, `E`, `+` and `-`. */
function isPartOfNumber(code: number): boolean {
  return isDigit(code) || code === 46 || code === 101 || code === 69 || code === 43 || code === 45
}
