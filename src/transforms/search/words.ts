const MOST_WORDS = 2_000

/**
 * The words of a text as an index has them: `createIssues`, `create_issues` and `Create issue` are the same two, and so are
 * `Bücher` and `bucher`. Scripts that put no spaces between words give every two signs that stand together.
 */
export function wordsOf(text: string): string[] {
  const words: string[] = []
  for (const [run] of folded(text.slice(0, 20_000)).matchAll(WORD)) {
    if (words.length >= MOST_WORDS) break
    if (UNSPACED.test(run)) words.push(...pairsOf(run))
    else words.push(stem(run.toLowerCase()))
  }
  return words
}

/** Without accents, and with one way of writing each letter. */
function folded(text: string): string {
  if (ASCII.test(text)) return text
  return text.normalize('NFKD').replace(ACCENTS, '').normalize('NFC')
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: this is what ASCII is
const ASCII = /^[\x00-\x7f]*$/
const ACCENTS = /[\u0300-\u036f]/g
const UNSPACED =
  /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u

function pairsOf(run: string): readonly string[] {
  const signs = [...run]
  return signs.length < 2 ? signs : signs.slice(1).map((sign, index) => `${signs[index]}${sign}`)
}

/** Runs of letters, cut where a small one is followed by a capital, and numbers. */
const WORD = /\p{Lu}+(?!\p{Ll})|\p{Lu}?\p{Ll}+|[\p{Lo}\p{Lm}\p{M}]+|\p{N}+/gu

/** One thing and several are the same word. */
function stem(word: string): string {
  if (word.length > 4 && word.endsWith('ies')) return `${word.slice(0, -3)}y`
  if (word.length > 4 && /(?:s|x|z|ch|sh)es$/.test(word)) return word.slice(0, -2)
  return word.length > 3 && word.endsWith('s') && !word.endsWith('ss') ? word.slice(0, -1) : word
}
