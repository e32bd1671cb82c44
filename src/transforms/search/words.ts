const MOST_WORDS = 2_000

/**
 * The words of a text as an index has them: `createIssues`, `create_issues` and `Create issue` are the same two.
 */
export function wordsOf(text: string): string[] {
  const words: string[] = []
  for (const [word] of text.slice(0, 20_000).matchAll(WORD)) {
    if (words.length >= MOST_WORDS) break
    words.push(stem(word.toLowerCase()))
  }
  return words
}

/** Runs of letters, cut where a small one is followed by a capital, and numbers. */
const WORD = /\p{Lu}+(?!\p{Ll})|\p{Lu}?\p{Ll}+|[\p{Lo}\p{Lm}\p{M}]+|\p{N}+/gu

/** One thing and several are the same word. */
function stem(word: string): string {
  if (word.length > 4 && word.endsWith('ies')) return `${word.slice(0, -3)}y`
  if (word.length > 4 && /(?:s|x|z|ch|sh)es$/.test(word)) return word.slice(0, -2)
  return word.length > 3 && word.endsWith('s') && !word.endsWith('ss') ? word.slice(0, -1) : word
}
