/**
 * Sets one parameter of the query of an address. Written by hand: `searchParams` would spell all the others anew, and mean
 * something else by it to some servers. Throws `URIError` for half a character.
 */
export function setQueryPair(url: URL, name: string, value: string): void {
  const present = url.search.slice(1)
  const others = present === '' ? [] : present.split('&').filter((pair) => nameInPair(pair) !== name)
  url.search = [...others, `${encodeURIComponent(name)}=${encodeURIComponent(value)}`].join('&')
}

/** The name in `name=value`, decoded where it can be. */
export function nameInPair(pair: string): string {
  const name = pair.split('=', 1)[0] ?? ''
  try {
    return decodeURIComponent(name.replaceAll('+', ' '))
  } catch {
    return name
  }
}
