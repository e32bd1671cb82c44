import type { Application } from '../../engine/application.ts'
import type { Auth } from '../../engine/auth.ts'
import type { Cancellation, Inflight } from '../../engine/inflight.ts'
import type { Flow } from '../../engine/origin.ts'
import type { McpError } from '../../protocol/errors.ts'
import type { RequestId } from '../../protocol/json-rpc.ts'
import { answerText, failureText } from '../encode.ts'
import type { Wire } from '../era.ts'
import type { ResultText } from '../text.ts'
import type { Answering } from './dispatch.ts'

/** What the requests of one connection share. */
export interface Shared {
  readonly wire: Wire
  readonly inflight: Inflight
  readonly application: Application
}

const NO_HEADERS: Readonly<Record<string, string>> = Object.freeze({})

/** The answer of one request on a connection. Once it is cancelled nothing is sent any more. */
export class LineCarrier implements Answering<void> {
  readonly id: RequestId
  readonly #cancellation: Cancellation
  readonly #shared: Shared
  #isAnswered = false

  constructor(id: RequestId, cancellation: Cancellation, shared: Shared) {
    this.id = id
    this.#cancellation = cancellation
    this.#shared = shared
  }

  get auth(): Auth | undefined {
    return this.#shared.wire.auth
  }

  get flow(): Flow | undefined {
    return this.#shared.wire.flow
  }

  get application(): Application {
    return this.#shared.application
  }

  header(): undefined {
    return undefined
  }

  headers(): Readonly<Record<string, string>> {
    return NO_HEADERS
  }

  send(text: string): void {
    if (!this.#isAnswered && this.#cancellation.reason === undefined) this.#write(text)
  }

  onCancel(listener: (reason: Error) => void): void {
    this.#cancellation.onCancel(listener)
  }

  report(problem: Error, facts: Readonly<Record<string, unknown>>): void {
    this.#shared.application.report(problem, facts)
  }

  succeed(result: ResultText): void {
    this.finish(String(answerText(this.id, result)))
  }

  refuse(problem: McpError): void {
    this.finish(failureText(this.id, problem))
  }

  fail(problem: McpError): void {
    this.finish(failureText(this.id, problem))
  }

  /** Sends the last message, and `after` it what does not belong to the request any more. */
  finish(text: string, ...after: readonly string[]): void {
    if (this.#isAnswered) return
    const isWanted = this.#cancellation.reason === undefined
    this.abandon()
    if (!isWanted) return
    this.#write(text)
    for (const message of after) this.#write(message)
  }

  /** Ends without an answer. */
  abandon(): void {
    if (this.#isAnswered) return
    this.#isAnswered = true
    this.#shared.inflight.end(this.id)
  }

  /** Whoever sends may be far from whoever could handle a broken wire. */
  #write(text: string): void {
    try {
      this.#shared.wire.send(text)
    } catch (problem) {
      const cause = problem instanceof Error ? problem : new Error(String(problem))
      this.report(cause, { during: 'sending', requestId: this.id })
    }
  }
}
