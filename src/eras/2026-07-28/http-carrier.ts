import type { Application } from '../../engine/application.ts'
import type { Auth } from '../../engine/auth.ts'
import { Cancellation } from '../../engine/inflight.ts'
import { ERROR_CODES, McpError } from '../../protocol/errors.ts'
import type { RequestId, RpcRequest } from '../../protocol/json-rpc.ts'
import { type Acceptance, acceptanceOf } from '../accept.ts'
import { answerText, failureText } from '../encode.ts'
import type { Answer, Exchange } from '../exchange.ts'
import { Outlet, replyWith, STREAM_HEADERS } from '../outlet.ts'
import type { MessageText, ResultText } from '../text.ts'
import type { Answering } from './dispatch.ts'

/** The answer of one HTTP exchange: JSON, or a stream from the first notification on. */
export class HttpCarrier implements Answering<Answer> {
  readonly accepts: Acceptance
  readonly #id: RequestId
  readonly #exchange: Exchange
  readonly #application: Application
  #outlet: Outlet | undefined
  #cancellation: Cancellation | undefined
  #isAnswered = false

  constructor(request: RpcRequest, exchange: Exchange, application: Application) {
    this.accepts = acceptanceOf(exchange.header('accept'))
    this.#id = request.id
    this.#exchange = exchange
    this.#application = application
  }

  get auth(): Auth | undefined {
    return this.#exchange.auth
  }

  header(name: string): string | undefined {
    return this.#exchange.header(name)
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
      this.#exchange.onGone(() => cancellation.cancel(new McpError('CANCELLED', 'The client went away')))
    }
    this.#cancellation.onCancel(listener)
  }

  report(problem: Error, facts: Readonly<Record<string, unknown>>): void {
    this.#application.report(problem, facts)
  }

  succeed(result: ResultText): Answer {
    return this.#answer(answerText(this.#id, result))
  }

  /** A refusal is JSON whatever the client prefers, with a status of its own, unless a stream is open already. */
  refuse(problem: McpError): Answer {
    const body = failureText(this.#id, problem)
    if (this.#outlet !== undefined) return this.#answer(body)
    this.#isAnswered = true
    return { status: ERROR_CODES[problem.code].http, body }
  }

  /** What a handler says is an answer like any other; only for a missing capability the revision wants a status. */
  fail(problem: McpError): Answer {
    if (problem.code === 'MISSING_CLIENT_CAPABILITY') return this.refuse(problem)
    return this.#answer(failureText(this.#id, problem))
  }

  #answer(text: MessageText): Answer {
    this.#isAnswered = true
    if (this.#outlet === undefined && this.accepts.json) return replyWith(200, text)
    this.#outlet ??= new Outlet(this.#exchange, STREAM_HEADERS)
    this.#outlet.open()
    return this.#outlet.finish(text)
  }
}
