/** What comes of the first item that something comes of, where it would of all behind it too; found by halves. */
export function firstOf<I, R>(items: readonly I[], attempt: (item: I) => R | undefined): R | undefined {
  let [low, high] = [0, items.length - 1]
  let best: R | undefined
  while (low <= high) {
    const middle = (low + high) >> 1
    const item = items[middle]
    const found = item === undefined ? undefined : attempt(item)
    if (found === undefined) low = middle + 1
    else [best, high] = [found, middle - 1]
  }
  return best
}
