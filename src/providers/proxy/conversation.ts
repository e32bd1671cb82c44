import type { Context } from '../../engine/context.ts'
import type { AskMethod, InputResponse } from '../../protocol/asks.ts'
import { McpError } from '../../protocol/errors.ts'
import type { Params } from '../../protocol/json-rpc.ts'

/** A question that a server elsewhere has asked while it answers a call. */
export interface Question {
  readonly method: AskMethod
  readonly params: Params
  readonly resolve: (answer: InputResponse) => void
  readonly reject: (problem: Error) => void
}

/** What comes next in a call: its end, or questions to be answered first. */
export type Event<T> = { readonly kind: 'done'; readonly value: T } | { readonly kind: 'asked' }

/**
 * One call of a server elsewhere, with the questions that it asks on the way. It outlives the run of the handler that began
 * it: where the caller's answers come with another request, that request takes the call up where it was left.
 */
export class Conversation<T> {
  /** The request of the caller that waits for its end now. */
  context: Context
  readonly #abort = new AbortController()
  readonly #questions: Question[] = []
  readonly #done: Promise<T>
  #wake: () => void = () => undefined
  #settled = 0

  constructor(context: Context, begin: (conversation: Conversation<T>, signal: AbortSignal) => Promise<T>) {
    this.context = context
    this.#done = begin(this, this.#abort.signal)
    this.#done.catch(() => undefined)
  }

  /** The questions without an answer, in the order in which they came. */
  get questions(): readonly Question[] {
    return this.#questions
  }

  /** How many questions have been answered or refused so far. */
  get settled(): number {
    return this.#settled
  }

  /** Called by the connection: the server asks. */
  ask(method: AskMethod, params: Params): Promise<InputResponse> {
    return new Promise((resolve, reject) => {
      this.#questions.push({ method, params, resolve, reject })
      this.#wake()
    })
  }

  /** Waits for the end, or for questions; those that come together are told together. */
  async next(): Promise<Event<T>> {
    const asked = new Promise<void>((resolve) => {
      this.#wake = resolve
    })
    if (this.#questions.length === 0) {
      const done = this.#done.then((value): Event<T> => ({ kind: 'done', value }))
      const first = await Promise.race([done, asked])
      if (first !== undefined) return first
    }
    await new Promise<void>((resolve) => setTimeout(resolve))
    return { kind: 'asked' }
  }

  /** Gives the answer to a question. */
  answer(question: Question, answer: InputResponse): void {
    this.#take(question)
    question.resolve(answer)
  }

  /** A question that has no answer. */
  refuse(question: Question, problem: Error): void {
    this.#take(question)
    question.reject(problem)
  }

  /** Gives up the call. */
  end(reason: Error): void {
    for (const question of this.#questions.splice(0)) question.reject(reason)
    this.#abort.abort(reason)
  }

  #take(question: Question): void {
    const place = this.#questions.indexOf(question)
    if (place < 0) return
    this.#questions.splice(place, 1)
    this.#settled++
  }
}

const KEPT_MS = 600_000
const MOST_KEPT = 1_000

/** Calls that wait for the next request of their caller, which brings the answers. */
export class Waiting {
  readonly #kept = new Map<
    string,
    { readonly conversation: Conversation<never>; readonly timer: ReturnType<typeof setTimeout> }
  >()

  /** Keeps a call under what only its caller can name. The one kept longest makes room. */
  keep(key: string, conversation: Conversation<never>): void {
    for (const [oldest] of this.#kept) {
      if (this.#kept.size < MOST_KEPT) break
      this.#drop(oldest, new McpError('CANCELLED', 'Too many calls wait for answers'))
    }
    const late = new McpError('TIMEOUT', `Nobody answered within ${KEPT_MS / 1000} seconds`)
    const timer = setTimeout(() => this.#drop(key, late), KEPT_MS)
    timer.unref?.()
    this.#kept.set(key, { conversation, timer })
  }

  /** Takes a call up again. */
  take(key: string): Conversation<never> | undefined {
    const known = this.#kept.get(key)
    if (known === undefined) return undefined
    clearTimeout(known.timer)
    this.#kept.delete(key)
    return known.conversation
  }

  /** Gives all of them up. */
  end(reason: Error): void {
    for (const key of [...this.#kept.keys()]) this.#drop(key, reason)
  }

  #drop(key: string, reason: Error): void {
    this.take(key)?.end(reason)
  }
}
