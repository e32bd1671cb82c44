import { PatternError, type Program, type Step } from './linear-program.ts'

/** What stands before or after a place. */
type Neighbour = 'nothing' | 'word' | 'other'

/** Where a pattern can be after some text, and where it gets to by each kind of character. */
interface State {
  readonly at: readonly number[]
  readonly before: Neighbour
  readonly next: (State | typeof MATCHED | undefined)[]
  matchesAtEnd: boolean | undefined
}

/** Characters that all sets of the program treat alike. */
interface CharKind {
  readonly index: number
  readonly inSets: readonly boolean[]
  readonly isWord: boolean
}

const MATCHED = Symbol('matched')
/** Places that all remembered states together may have. */
const MOST_PLACES = 200_000
const MOST_CHARACTERS = 20_000

/**
 * Follows all ways through a pattern at once, so that none is taken back. The sets of ways that it comes by are kept: most
 * characters cost one look into a table.
 */
export class LinearMachine {
  readonly #program: Program
  readonly #kinds = new Map<string, CharKind>()
  readonly #ascii: (CharKind | undefined)[] = new Array(128)
  readonly #others = new Map<number, CharKind>()
  #states = new Map<string, State>()
  #places = 0
  /** When each step was last looked at. */
  readonly #seen: Uint32Array
  #round = 0

  constructor(program: Program) {
    this.#program = program
    this.#seen = new Uint32Array(program.steps.length)
  }

  test(text: string, effort: { left: number }): boolean {
    let state = this.#state([0], 'nothing')
    for (let i = 0; i < text.length; i++) {
      const code = text.codePointAt(i) ?? 0
      if (code > 0xffff) i++
      const kind = (code < 128 ? this.#ascii[code] : undefined) ?? this.#kindOf(code)
      const next = state.next[kind.index] ?? this.#step(state, kind, effort)
      if (next === MATCHED) return true
      state = next
    }
    state.matchesAtEnd ??= this.#follow(state, 'nothing', effort) === MATCHED
    return state.matchesAtEnd
  }

  #step(state: State, kind: CharKind, effort: { left: number }): State | typeof MATCHED {
    const after = kind.isWord ? 'word' : 'other'
    const takers = this.#follow(state, after, effort)
    if (takers === MATCHED) {
      state.next[kind.index] = MATCHED
      return MATCHED
    }
    const at = takers.filter((place) => {
      const step = this.#program.steps[place]
      return step?.do === 'take' && kind.inSets[step.set] === true
    })
    // What is looked for may begin anywhere.
    const places = [0, ...at.map((place) => place + 1)]
    const next = this.#state(places, this.#program.hasEdges ? after : 'other')
    state.next[kind.index] = next
    return next
  }

  /** The steps that take a character from here. */
  #follow(state: State, after: Neighbour, effort: { left: number }): readonly number[] | typeof MATCHED {
    const takers: number[] = []
    const open = [...state.at]
    this.#round++
    for (let place = open.pop(); place !== undefined; place = open.pop()) {
      const step = this.#program.steps[place]
      if (step === undefined || this.#seen[place] === this.#round) continue
      this.#seen[place] = this.#round
      if (--effort.left < 0) throw new PatternError('the pattern takes too long on this text; make it simpler')
      if (step.do === 'match') return MATCHED
      if (step.do === 'take') takers.push(place)
      else open.push(...waysOn(step, place, { before: state.before, after }))
    }
    return takers
  }

  #state(places: readonly number[], before: Neighbour): State {
    const at = [...new Set(places)].sort((a, b) => a - b)
    const key = `${before} ${at.join(' ')}`
    const known = this.#states.get(key)
    if (known !== undefined) return known
    this.#places += at.length + 8
    if (this.#places > MOST_PLACES) {
      this.#states = new Map()
      this.#places = at.length
    }
    const state: State = { at, before, next: [], matchesAtEnd: undefined }
    this.#states.set(key, state)
    return state
  }

  #kindOf(code: number): CharKind {
    const known = this.#others.get(code)
    if (known !== undefined) return known
    const character = String.fromCodePoint(code)
    const inSets = this.#program.sets.map((set) => set.test(character))
    const isWord = this.#program.isWord.test(character)
    const key = `${inSets.map(Number).join('')}${Number(isWord)}`
    const kind = this.#kinds.get(key) ?? { index: this.#kinds.size, inSets, isWord }
    this.#kinds.set(key, kind)
    if (code < 128) this.#ascii[code] = kind
    else {
      if (this.#others.size >= MOST_CHARACTERS) this.#others.clear()
      this.#others.set(code, kind)
    }
    return kind
  }
}

interface Between {
  readonly before: Neighbour
  readonly after: Neighbour
}

function waysOn(step: Step, place: number, between: Between): readonly number[] {
  if (step.do === 'fork') return step.to
  if (step.do === 'jump') return [step.to]
  return step.do === 'assert' && holds(step.what, between) ? [place + 1] : []
}

function holds(what: (Step & { readonly do: 'assert' })['what'], { before, after }: Between): boolean {
  if (what === 'start') return before === 'nothing'
  if (what === 'end') return after === 'nothing'
  return ((before === 'word') !== (after === 'word')) === (what === 'edge')
}
