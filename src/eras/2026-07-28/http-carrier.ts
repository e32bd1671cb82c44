import type { Application } from '../../engine/application.ts'
import type { Auth } from '../../engine/auth.ts'
import { Cancellation } from '../../engine/inflight.ts'
import type { Flow } from '../../engine/origin.ts'
import { ERROR_CODES, McpError } from '../../protocol/errors.ts'
import type { RequestId, RpcRequest } from '../../protocol/json-rpc.ts'
import { type Acceptance, acceptanceAt } from '../accept.ts'
import { answerText, failureText } from '../encode.ts'
import type { Answer, Exchange } from '../exchange.ts'
import { Outlet, replyWith, STREAM_HEADERS } from '../outlet.ts'
import type { MessageText, ResultText } from '../text.ts'
import { turnedAway } from '../turned-away.ts'
import type { Answering } from './dispatch.ts'
import type { Service } from './service.ts'

/** The answer of one HTTP exchange: JSON, or a stream from the first notification on. */
export class HttpCarrier implements Answering<Answer> {
  readonly accepts: Acceptance
  readonly #id: RequestId
  readonly #exchange: Exchange
  readonly application: Application
  #outlet: Outlet | undefined
  #cancellation: Cancellation | undefined
  readonly #cancellable: Set<Cancellation>
  #isAnswered = false

  constructor(
    request: RpcRequest,
    exchange: Exchange,
    { application, cancellable }: Pick<Service, 'application' | 'cancellable'>,
  ) {
    this.accepts = acceptanceAt(exchange)
    this.#id = request.id
    this.#exchange = exchange
    this.application = application
    this.#cancellable = cancellable
  }

  get auth(): Auth | undefined {
    return this.#exchange.auth
  }

  get flow(): Flow | undefined {
    return this.#outlet?.flow
  }

  header(name: string): string | undefined {
    return this.#exchange.header(name)
  }

  headers(): Readonly<Record<string, string>> {
    return this.#exchange.headers()
  }

  send(text: string): void {
    if (this.#isAnswered || !this.accepts.stream) return
    this.#outlet ??= new Outlet(this.#exchange, STREAM_HEADERS)
    this.#outlet.send(text)
  }

  onCancel(listener: (reason: Error) => void): void {
    if (this.#cancellation === undefined) {
      const cancellation = new Cancellation()
      this.#cancellation = cancellation
      this.#cancellable.add(cancellation)
      this.#exchange.onGone(() => cancellation.cancel(new McpError('CANCELLED', 'The client went away')))
    }
    this.#cancellation.onCancel(listener)
  }

  report(problem: Error, facts: Readonly<Record<string, unknown>>): void {
    this.application.report(problem, facts)
  }

  succeed(result: ResultText): Answer {
    return this.#answer(answerText(this.#id, result))
  }

  /** A refusal is JSON whatever the client prefers, with a status of its own, unless a stream is open already. */
  refuse(problem: McpError): Answer {
    const body = failureText(this.#id, problem)
    if (this.#outlet !== undefined) return this.#answer(body)
    this.#end()
    return { status: ERROR_CODES[problem.code].http, body, ...turnedAway(problem) }
  }

  /**
   * What a handler says is an answer like any other. Only for a missing capability the revision wants a status, and
   * too much to do has one that all of HTTP knows.
   */
  fail(problem: McpError): Answer {
    if (problem.code === 'MISSING_CLIENT_CAPABILITY' || turnedAway(problem) !== undefined) return this.refuse(problem)
    return this.#answer(failureText(this.#id, problem))
  }

  #end(): void {
    this.#isAnswered = true
    if (this.#cancellation !== undefined) this.#cancellable.delete(this.#cancellation)
  }

  #answer(text: MessageText): Answer {
    this.#end()
    if (this.#outlet === undefined && this.accepts.json) return replyWith(200, text)
    this.#outlet ??= new Outlet(this.#exchange, STREAM_HEADERS)
    this.#outlet.open()
    return this.#outlet.finish(text)
  }
}
