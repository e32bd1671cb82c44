/** A pattern that the linear engine does not take, or a text that would take too long; says why, for whoever wrote it. */
export class PatternError extends Error {}

/** What one instruction does. */
export type Step =
  | { readonly do: 'take'; readonly set: number }
  | { readonly do: 'fork'; readonly to: readonly [number, number] }
  | { readonly do: 'jump'; readonly to: number }
  | { readonly do: 'assert'; readonly what: Assertion }
  | { readonly do: 'match' }

/** Where something must be: at the start, the end, the edge of a word, or anywhere else than there. */
export type Assertion = 'start' | 'end' | 'edge' | 'inside'

/** A pattern as instructions, with the sets of characters that they take. */
export interface Program {
  readonly steps: readonly Step[]
  /** Tests for one character. */
  readonly sets: readonly RegExp[]
  readonly isWord: RegExp
  /** Whether edges of words count, so that the character before is to be remembered. */
  readonly hasEdges: boolean
}

const LONGEST = 10_000
const MOST_STEPS = 2_000
const DEEPEST = 200

/** Reads a pattern into a program. Throws `PatternError`. */
export function compilePattern(source: string, flags: 'u' | 'iu'): Program {
  if (source.length > LONGEST) throw new PatternError(`the pattern is longer than ${LONGEST} characters`)
  checkSyntax(source, flags)
  return new Reader(source, flags).read()
}

/** Every slip of syntax is found here, so that the reader need not look for any. */
function checkSyntax(source: string, flags: string): void {
  try {
    new RegExp(source, flags)
  } catch (problem) {
    throw new PatternError(problem instanceof Error ? problem.message : 'the pattern is not valid', { cause: problem })
  }
}

type Node =
  | { readonly is: 'set'; readonly set: number }
  | { readonly is: 'assert'; readonly what: Assertion }
  | { readonly is: 'all'; readonly parts: readonly Node[] }
  | { readonly is: 'any'; readonly parts: readonly Node[] }
  | Repeat

interface Repeat {
  readonly is: 'repeat'
  readonly part: Node
  readonly least: number
  readonly most: number
}

const ASSERTIONS: ReadonlyMap<string, Assertion> = new Map([
  ['^', 'start'],
  ['$', 'end'],
  ['\\b', 'edge'],
  ['\\B', 'inside'],
])

/** One character, or what stands for one: a class, an escape, a surrogate pair written out. */
const ATOM =
  /\[(?:\\.|[^\]\\])*\]|\\[pP]\{[^}]*\}|\\u\{[^}]*\}|\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u.{4}|\\x..|\\c.|\\.|./suy
const QUANTIFIER = /(?:[*+?]|\{(\d+)(,?)(\d*)\})\??/uy
const GROUP = /\((?:\?(?::|<[^=!>][^>]*>))?/uy

class Reader {
  readonly #source: string
  readonly #flags: string
  readonly #sets = new Map<string, number>()
  readonly #steps: Step[] = []
  #at = 0

  constructor(source: string, flags: string) {
    this.#source = source
    this.#flags = flags
  }

  read(): Program {
    this.#write(this.#alternatives(0))
    this.#put({ do: 'match' })
    return {
      steps: this.#steps,
      sets: [...this.#sets.keys()].map((atom) => new RegExp(`^(?:${atom})$`, this.#flags)),
      isWord: new RegExp('^\\w$', this.#flags),
      hasEdges: this.#steps.some((step) => step.do === 'assert' && (step.what === 'edge' || step.what === 'inside')),
    }
  }

  #alternatives(depth: number): Node {
    if (depth > DEEPEST) throw new PatternError(`the pattern nests deeper than ${DEEPEST} groups`)
    const parts = [this.#sequence(depth)]
    while (this.#source[this.#at] === '|') {
      this.#at++
      parts.push(this.#sequence(depth))
    }
    return { is: 'any', parts }
  }

  #sequence(depth: number): Node {
    const parts: Node[] = []
    while (this.#at < this.#source.length && this.#source[this.#at] !== '|' && this.#source[this.#at] !== ')') {
      parts.push(this.#repeated(this.#atom(depth)))
    }
    return { is: 'all', parts }
  }

  #atom(depth: number): Node {
    if (this.#source[this.#at] === '(') return this.#group(depth)
    const atom = this.#take(ATOM)?.[0] ?? ''
    const what = ASSERTIONS.get(atom)
    if (what !== undefined) return { is: 'assert', what }
    if (/^\\[1-9k]/.test(atom)) throw new PatternError(`the pattern refers back to a group (${atom}); say it without`)
    const set = this.#sets.get(atom) ?? this.#sets.size
    this.#sets.set(atom, set)
    return { is: 'set', set }
  }

  #group(depth: number): Node {
    const start = this.#source.slice(this.#at, this.#at + 4)
    if (/^\(\?<?[=!]/.test(start)) {
      throw new PatternError(`the pattern looks ahead or behind (${start.slice(0, 3)}…); say it without`)
    }
    if (/^\(\?[^:<]/.test(start)) throw new PatternError(`the pattern changes its flags (${start}…); leave that out`)
    this.#take(GROUP)
    const inner = this.#alternatives(depth + 1)
    this.#at++
    return inner
  }

  #repeated(part: Node): Node {
    const found = this.#take(QUANTIFIER)
    if (found === null) return part
    const [sign = '', least = '', comma, most = ''] = found
    if (sign[0] === '*') return { is: 'repeat', part, least: 0, most: Number.POSITIVE_INFINITY }
    if (sign[0] === '+') return { is: 'repeat', part, least: 1, most: Number.POSITIVE_INFINITY }
    if (sign[0] === '?') return { is: 'repeat', part, least: 0, most: 1 }
    const upTo = comma === '' ? Number(least) : most === '' ? Number.POSITIVE_INFINITY : Number(most)
    return { is: 'repeat', part, least: Number(least), most: upTo }
  }

  #take(what: RegExp): RegExpExecArray | null {
    what.lastIndex = this.#at
    const found = what.exec(this.#source)
    if (found !== null) this.#at = what.lastIndex
    return found
  }

  #put(step: Step): number {
    if (this.#steps.length >= MOST_STEPS) {
      throw new PatternError('the pattern is too large; repeat fewer parts, or fewer times')
    }
    return this.#steps.push(step) - 1
  }

  #write(node: Node): void {
    if (node.is === 'set') this.#put({ do: 'take', set: node.set })
    else if (node.is === 'assert') this.#put({ do: 'assert', what: node.what })
    else if (node.is === 'all') for (const part of node.parts) this.#write(part)
    else if (node.is === 'any') this.#writeAny(node.parts)
    else this.#writeRepeat(node)
  }

  #writeAny(parts: readonly Node[]): void {
    const jumps: number[] = []
    for (const [index, part] of parts.entries()) {
      const isLast = index === parts.length - 1
      const fork = isLast ? -1 : this.#put({ do: 'jump', to: 0 })
      this.#write(part)
      if (isLast) break
      jumps.push(this.#put({ do: 'jump', to: 0 }))
      this.#steps[fork] = { do: 'fork', to: [fork + 1, this.#steps.length] }
    }
    for (const jump of jumps) this.#steps[jump] = { do: 'jump', to: this.#steps.length }
  }

  #writeRepeat({ part, least, most }: Repeat): void {
    // A part that is nothing, such as an empty group, would be written for ever.
    if (part.is !== 'set' && isNothing(part)) return
    for (let i = 0; i < least; i++) this.#write(part)
    if (most === Number.POSITIVE_INFINITY) {
      const fork = this.#put({ do: 'jump', to: 0 })
      this.#write(part)
      this.#put({ do: 'jump', to: fork })
      this.#steps[fork] = { do: 'fork', to: [fork + 1, this.#steps.length] }
      return
    }
    const forks: number[] = []
    for (let i = least; i < most; i++) {
      forks.push(this.#put({ do: 'jump', to: 0 }))
      this.#write(part)
    }
    for (const fork of forks) this.#steps[fork] = { do: 'fork', to: [fork + 1, this.#steps.length] }
  }
}

function isNothing(node: Node): boolean {
  if (node.is === 'all' || node.is === 'any') return node.parts.every(isNothing)
  return node.is === 'repeat' && (node.most === 0 || isNothing(node.part))
}
