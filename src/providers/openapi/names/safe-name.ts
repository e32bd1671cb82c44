const LONGEST = 64

/**
 * A name of `[A-Za-z0-9_.-]{1,64}` for a text: letters without their accents, `_` for what else is not allowed, cut between
 * words. Undefined where nothing is left of it.
 */
export function safeName(text: string): string | undefined {
  if (SAFE.test(text) && text !== '__proto__') return text
  const plain = plainName(text)
  return plain === '' ? undefined : cutName(plain, LONGEST)
}

function plainName(text: string): string {
  const letters = text
    .slice(0, MOST_READ)
    .normalize('NFKD')
    .replaceAll(/\p{M}+/gu, '')
  return letters.replaceAll(/[^A-Za-z0-9_.-]+/g, '_').replaceAll(/^[_.-]+|[_.-]+$/g, '')
}

/** Of a text that is longer than names may be, beginning and end: texts that begin alike often end otherwise. */
export function safeEnds(text: string): string | undefined {
  const plain = plainName(text)
  if (plain.length <= LONGEST) return undefined
  const end = plain.slice(-LONGEST_END)
  const at = end.search(/(?<=[a-z0-9])[A-Z]|(?<=[_.-])[A-Za-z0-9]/)
  const tail = at < 0 ? '' : end.slice(at)
  return tail === '' ? undefined : `${cutName(plain, LONGEST - tail.length - 1)}_${tail}`
}

const LONGEST_END = 24
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
