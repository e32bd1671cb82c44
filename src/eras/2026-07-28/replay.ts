import { isAnswer, isAnswerTo } from '../../engine/answers.ts'
import { canonical } from '../../engine/canonical.ts'
import { type Answered, anotherQuestion, Journal, unkeepable } from '../../engine/journal.ts'
import { Unwinding } from '../../engine/unwinding.ts'
import type { Ask, InputResponse } from '../../protocol/asks.ts'
import { DefinitionError } from '../../protocol/errors.ts'
import type { InputRequired } from '../../protocol/input-required.ts'
import type { Params } from '../../protocol/json-rpc.ts'
import { encodeBase64Url } from '../../storage/base64url.ts'

/** A question that waits for its answer. */
interface Pending {
  readonly ask: Ask
  /** The question as one text. */
  readonly text: string
}

const FINGERPRINT_BYTES = 16

/**
 * One run of a handler that asks: what it was told in earlier runs, and what it asks in this one. A
 * question without an answer is noted at once, and its promise rejects with `Unwinding` a moment
 * later, so that questions asked together go out together.
 */
export class Replay {
  readonly journal: Journal
  /** How many rounds of questions there have been. */
  readonly rounds: number
  /** Answers that no state vouches for: the client gave them without having been asked before. */
  readonly #unasked: Params
  readonly #pending = new Map<string, Pending>()

  constructor(journal: Journal = new Journal(), rounds = 0, unasked: Params = NOTHING) {
    this.journal = journal
    this.rounds = rounds
    this.#unasked = unasked
  }

  /** Whether something waits for an answer. */
  get asking(): boolean {
    return this.#pending.size > 0
  }

  /** What waits for an answer, by key. */
  get requests(): ReadonlyMap<string, Ask> {
    return new Map(Array.from(this.#pending, ([key, { ask }]) => [key, ask]))
  }

  /** The answers that are known; no prototype. */
  get responses(): Readonly<Record<string, InputResponse>> {
    const responses: Record<string, InputResponse> = Object.create(null)
    for (const [key, answer] of Object.entries(this.#unasked)) if (isAnswer(answer)) responses[key] = answer
    for (const [key, { answer }] of this.journal.answers) responses[key] = answer
    return responses
  }

  ask(key: string, ask: Ask): Promise<InputResponse> {
    const text = textOf(ask)
    if (!this.#pending.has(key) && !this.#isAnswered(key, ask)) this.#pending.set(key, { ask, text })
    return this.#answer(key, text)
  }

  /** Asks again whatever was answered before: the guard form says itself what it still wants to know. */
  require({ inputRequests, state }: InputRequired): Error {
    const asks = Object.entries(inputRequests)
    if (asks.length === 0) return new DefinitionError('inputRequired', 'give at least one question in inputRequests')
    const problem = unkeepable(state)
    if (problem !== undefined) return new DefinitionError('inputRequired', `state${problem}; give JSON values`)
    for (const [key, ask] of asks) {
      this.journal.answers.delete(key)
      this.#pending.set(key, { ask, text: textOf(ask) })
    }
    this.journal.state = state
    return new Unwinding()
  }

  /** The fingerprints of what waits, to recognise the questions when they are asked again. */
  fingerprints(): Promise<readonly (readonly [key: string, method: string, question: string])[]> {
    return Promise.all(
      Array.from(this.#pending, async ([key, { ask, text }]) => [key, ask.method, await fingerprint(text)] as const),
    )
  }

  #isAnswered(key: string, { method }: Ask): boolean {
    if (this.journal.answers.has(key)) return true
    const answer = Object.hasOwn(this.#unasked, key) ? this.#unasked[key] : undefined
    if (!isAnswerTo(method, answer)) return false
    this.journal.answers.set(key, { question: UNKNOWN, answer })
    return true
  }

  async #answer(key: string, text: string): Promise<InputResponse> {
    // Waiting for the digest gives questions that are asked together the time to be asked.
    const question = await fingerprint(text)
    const pending = this.#pending.get(key)
    if (pending !== undefined) throw pending.text === text ? new Unwinding() : anotherQuestion(key)
    const answered = this.journal.answers.get(key)
    if (answered === undefined) throw new Unwinding()
    return this.#checked(key, question, answered)
  }

  #checked(key: string, question: string, { question: asked, answer }: Answered): InputResponse {
    if (asked !== question && asked !== UNKNOWN) throw anotherQuestion(key)
    this.journal.answers.set(key, { question, answer })
    return answer
  }
}

const NOTHING: Params = Object.freeze({})
const UNKNOWN = ''

function textOf({ method, params }: Ask): string {
  return canonical([method, params])
}

async function fingerprint(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))
  return encodeBase64Url(new Uint8Array(digest, 0, FINGERPRINT_BYTES))
}
