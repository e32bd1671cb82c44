const MOST = 4_000

/**
 * Text of a server made safe to print: nothing in it can move the cursor, colour what follows,
 * turn the direction of writing, or hide. Lines stay lines.
 */
export function plainText(text: string): string {
  const cut = text.length > MOST ? `${text.slice(0, MOST)} …` : text
  return cut.replaceAll(/\r\n?|[\u2028\u2029]/g, '\n').replaceAll(/(?!\n)[\p{Cc}\p{Cf}\p{Co}\p{Cs}]/gu, '\u{FFFD}')
}

/** The same as one line. */
export function plainLine(text: string): string {
  return plainText(text).replaceAll(/\s+/g, ' ').trim()
}
