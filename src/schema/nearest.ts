/** Longer words are not compared: the cost grows with the square. */
const LONGEST = 64
const MOST_WORDS = 500

/**
 * The word of `words` that `word` was probably meant to be: the same in another spelling, or with at
 * most a third of its letters wrong. Undefined if none is near.
 */
export function nearest(word: string, words: readonly string[]): string | undefined {
  if (word.length === 0 || word.length > LONGEST) return undefined
  const wanted = plain(word)
  let best: string | undefined
  let least = Math.floor(wanted.length / 3) + 1
  for (const candidate of words.slice(0, MOST_WORDS)) {
    if (candidate.length > LONGEST) continue
    const known = plain(candidate)
    // Words differ by at least as many letters as one has more.
    if (Math.abs(known.length - wanted.length) >= least) continue
    const distance = distanceOf(wanted, known)
    if (distance < least) [best, least] = [candidate, distance]
  }
  return best
}

/** `user_id`, `userId` and `User-ID` are one word. */
function plain(word: string): string {
  return word.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '')
}

/** Insertions, deletions, replacements, and swaps of neighbours between two words. */
function distanceOf(one: string, other: string): number {
  if (one === other) return 0
  let before: number[] = []
  let row = Array.from({ length: other.length + 1 }, (_, index) => index)
  for (let i = 1; i <= one.length; i++) {
    const next = [i]
    for (let j = 1; j <= other.length; j++) {
      const same = one[i - 1] === other[j - 1]
      const swapped = i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1]
      const steps = [at(row, j) + 1, at(next, j - 1) + 1, at(row, j - 1) + (same ? 0 : 1)]
      if (swapped) steps.push(at(before, j - 2) + 1)
      next.push(Math.min(...steps))
    }
    before = row
    row = next
  }
  return at(row, other.length)
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Number.POSITIVE_INFINITY
}
