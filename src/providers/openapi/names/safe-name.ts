const LONGEST = 64

/**
 * A name of `[A-Za-z0-9_.-]{1,64}` for a text: letters without their accents, `_` for what else is not allowed, cut between
 * words. Undefined where nothing is left of it.
 */
export function safeName(text: string): string | undefined {
  if (SAFE.test(text) && text !== '__proto__') return text
  const letters = text
    .slice(0, MOST_READ)
    .normalize('NFKD')
    .replaceAll(/\p{M}+/gu, '')
  const plain = letters.replaceAll(/[^A-Za-z0-9_.-]+/g, '_').replaceAll(/^[_.-]+|[_.-]+$/g, '')
  return plain === '' ? undefined : cutName(plain, LONGEST)
}

const SAFE = /^[A-Za-z0-9_.-]{1,64}$/
const MOST_READ = 1_000

/** A name of at most `most` characters; cut between words, if that leaves most of it. */
export function cutName(name: string, most: number): string {
  if (name.length <= most) return name
  const head = name.slice(0, most)
  const end = /^.*(?:[a-z0-9](?=[A-Z])|[A-Za-z0-9](?=[_.-]))/.exec(`${head}${name.charAt(most)}`)?.[0] ?? ''
  return (end.length >= most / 2 ? end : head).replace(/[_.-]+$/, '') || head
}

/** Gives each name once: the name itself, or else the first of `name_2`, `name_3`… that is free; never longer than names may be. */
export class UniqueNames {
  readonly #taken = new Set<string>()
  /** The number to be tried next for each name, so that ten thousand of one name take no time either. */
  readonly #next = new Map<string, number>()

  isTaken(name: string): boolean {
    return this.#taken.has(name)
  }

  give(name: string): string {
    let free = name
    let count = this.#next.get(name) ?? 2
    for (; this.#taken.has(free); count++) {
      const end = `_${count}`
      free = `${cutName(name, LONGEST - end.length)}${end}`
    }
    this.#next.set(name, count)
    this.#taken.add(free)
    return free
  }
}
