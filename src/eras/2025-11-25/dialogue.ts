import { canonical } from '../../engine/canonical.ts'
import { anotherQuestion, Journal, unkeepable } from '../../engine/journal.ts'
import { Unwinding } from '../../engine/unwinding.ts'
import type { Ask, InputResponse } from '../../protocol/asks.ts'
import { DefinitionError } from '../../protocol/errors.ts'
import type { InputRequired } from '../../protocol/input-required.ts'

/** Puts a question to the client. */
export type Put = (ask: Ask) => Promise<InputResponse>

interface Open {
  readonly question: string
  readonly answer: Promise<InputResponse>
}

/**
 * What one request has asked its client. Each key is one question: asked again, it has its answer
 * already, so that a handler which is run again for the guard form finds what it knew.
 */
export class Dialogue {
  readonly journal: Journal = new Journal()
  readonly #put: Put
  readonly #open = new Map<string, Open>()
  #required: InputRequired | undefined

  constructor(put: Put) {
    this.#put = put
  }

  /** Whether the guard form has asked what is not answered yet. */
  get required(): boolean {
    return this.#required !== undefined
  }

  /** The answers so far; no prototype. */
  get responses(): Readonly<Record<string, InputResponse>> {
    const responses: Record<string, InputResponse> = Object.create(null)
    for (const [key, { answer }] of this.journal.answers) responses[key] = answer
    return responses
  }

  ask(key: string, ask: Ask): Promise<InputResponse> {
    const question = canonical([ask.method, ask.params])
    const known = this.#open.get(key) ?? this.journal.answers.get(key)
    if (known === undefined) return this.#begin(key, ask, question)
    if (known.question !== question) return Promise.reject(anotherQuestion(key))
    return Promise.resolve(known.answer)
  }

  /** Notes what the guard form asks, and gives what to throw. */
  require(asked: InputRequired): Error {
    if (Object.keys(asked.inputRequests).length === 0) {
      return new DefinitionError('inputRequired', 'give at least one question in inputRequests')
    }
    const problem = unkeepable(asked.state)
    if (problem !== undefined) return new DefinitionError('inputRequired', `state${problem}; give JSON values`)
    this.#required = asked
    return new Unwinding()
  }

  /** Asks what the guard form wants to know, whatever was answered before. */
  async answerRequired(): Promise<void> {
    const { inputRequests = {}, state } = this.#required ?? {}
    this.#required = undefined
    this.journal.state = state
    await Promise.all(
      Object.entries(inputRequests).map(([key, ask]) => {
        this.journal.answers.delete(key)
        return this.#begin(key, ask, canonical([ask.method, ask.params]))
      }),
    )
  }

  #begin(key: string, ask: Ask, question: string): Promise<InputResponse> {
    const answer = this.#put(ask)
    this.#open.set(key, { question, answer })
    answer.then(
      (given) => {
        this.#open.delete(key)
        this.journal.answers.set(key, { question, answer: given })
      },
      () => this.#open.delete(key),
    )
    return answer
  }
}
