import type { ReferenceTargets } from './follow-reference.ts'
import type { MediaType, Parameter, RouteResponse, RouteServer, SecurityNeed } from './route.ts'
import { RouteProblem } from './route-problem.ts'

const MOST_NOTES = 20

/** What reading an operation needs to know, and where it tells what it could not read. */
export class Reading {
  readonly targets: ReferenceTargets
  readonly memory: Memory
  readonly #notes = new Set<string>()

  constructor(targets: ReferenceTargets, memory: Memory) {
    this.targets = targets
    this.memory = memory
  }

  get notes(): readonly string[] {
    return [...this.#notes]
  }

  note(words: string): void {
    if (this.#notes.size < MOST_NOTES) this.#notes.add(words)
  }

  /** What some reading gives, or a note of why it gives nothing. */
  lenient<T>(read: () => T): T | undefined {
    try {
      return read()
    } catch (problem) {
      if (!(problem instanceof RouteProblem)) throw problem
      this.note(problem.message)
      return undefined
    }
  }
}

/** What the operations of a document have in common, read once. */
export class Memory {
  readonly parameters: Shared<Parameter | undefined> = new Shared()
  readonly content: Shared<readonly MediaType[]> = new Shared()
  readonly responses: Shared<readonly RouteResponse[]> = new Shared()
  readonly servers: Shared<readonly RouteServer[]> = new Shared()
  readonly security: Shared<readonly SecurityNeed[]> = new Shared()
}

/** What was made of objects of a document, so that work does not multiply where references lead to the same. */
export class Shared<T> {
  readonly #known = new WeakMap<object, { readonly value: T; readonly notes: readonly string[] }>()

  /** What `read` makes of the object, now or an earlier time; its notes are told each time. */
  read(source: object, outer: Reading, read: (reading: Reading) => T): T {
    let known = this.#known.get(source)
    if (known === undefined) {
      const inner = new Reading(outer.targets, outer.memory)
      known = { value: read(inner), notes: inner.notes }
      this.#known.set(source, known)
    }
    for (const words of known.notes) outer.note(words)
    return known.value
  }
}
