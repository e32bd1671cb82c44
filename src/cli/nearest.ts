/** Nobody mistypes a longer one, and comparing it would take long. */
const LONGEST = 64

/** The known word that somebody most likely meant, or undefined when none is near enough to be a slip. */
export function nearest(typed: string, known: Iterable<string>): string | undefined {
  const wanted = typed.toLowerCase()
  if (wanted.length > LONGEST) return undefined
  let best: string | undefined
  let least = Math.max(1, Math.floor(wanted.length / 3)) + 1
  for (const word of known) {
    if (word.length > LONGEST) continue
    const away = distance(wanted, word.toLowerCase())
    // A word with nothing in common is as far away as it is long.
    if (away >= least || away >= Math.max(wanted.length, word.length)) continue
    least = away
    best = word
  }
  return best
}

/** `Did you mean add?`, or undefined: for the end of a message about an unknown word. */
export function didYouMean(typed: string, known: Iterable<string>): string | undefined {
  const word = nearest(typed, known)
  return word === undefined ? undefined : `Did you mean ${word}?`
}

/** Letters added, dropped, replaced, or swapped with their neighbour. */
function distance(a: string, b: string): number {
  let before: number[] = []
  let above = Array.from({ length: b.length + 1 }, (_, column) => column)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1
      let cost = Math.min((above[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (above[j - 1] ?? 0) + same)
      const swapped = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      if (swapped && i > 1 && j > 1) cost = Math.min(cost, (before[j - 2] ?? 0) + 1)
      row.push(cost)
    }
    before = above
    above = row
  }
  return above[b.length] ?? Number.POSITIVE_INFINITY
}
