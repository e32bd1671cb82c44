import type { Application, Change } from '../../engine/application.ts'
import { contextOf } from '../../engine/backstage.ts'
import type { Awaitable } from '../../engine/call.ts'
import type { ToolDefinition } from '../../protocol/definitions.ts'
import { ERROR_CODES, McpError } from '../../protocol/errors.ts'
import type { Received, RequestId, RpcNotification, RpcRequest } from '../../protocol/json-rpc.ts'
import { frame, KEEP_ALIVE } from '../../protocol/sse.ts'
import { failureText } from '../encode.ts'
import { type Answer, type EventStream, type Exchange, type Reply, STREAMED } from '../exchange.ts'
import { STREAM_HEADERS } from '../outlet.ts'
import { mayHear } from '../when-allowed.ts'
import type { Asked } from './dispatch.ts'
import { follow, honour, readFilter } from './filter.ts'
import { checkName, type Headers } from './headers.ts'
import { HttpCarrier } from './http-carrier.ts'
import { climb, climbNotification } from './ladder.ts'
import type { Sink } from './listen.ts'
import { StatelessOrigin } from './origin.ts'
import { paramHeaderProblem } from './param-headers.ts'
import type { Service } from './service.ts'

/** Answers HTTP exchanges, of which each stands alone (transports/streamable-http). */
export class HttpDoor {
  readonly #service: Service

  constructor(service: Service) {
    this.#service = service
  }

  /** Never throws or rejects. */
  exchange(exchange: Exchange, received: Received | undefined): Awaitable<Answer> {
    switch (received?.kind) {
      case 'request':
        return this.#request(exchange, received.message)
      case 'notification':
        return this.#notification(exchange, received.message)
      case 'response':
        return refusal(new McpError('INVALID_REQUEST', 'In this revision clients send requests, never responses'))
      case 'batch':
        return refusal(new McpError('INVALID_REQUEST', 'This revision has no batches: send one message per POST'))
      case 'invalid':
        return refusal(new McpError('INVALID_REQUEST', `Invalid message: ${received.reason}`), received.id)
      case undefined:
        return { status: 405, headers: { allow: 'POST' } }
    }
  }

  #notification(exchange: Exchange, notification: RpcNotification): Answer {
    try {
      climbNotification(notification, this.#service.all, exchange)
      // No notification of a client has an effect over HTTP: to cancel, it closes the stream.
      return { status: 202 }
    } catch (problem) {
      return refusal(this.#service.dispatch.known(problem, notification))
    }
  }

  #request(exchange: Exchange, request: RpcRequest): Awaitable<Answer> {
    const { all, application, dispatch } = this.#service
    const carrier = new HttpCarrier(request, exchange, this.#service)
    if (!carrier.accepts.json && !carrier.accepts.stream) return notAcceptable(request)
    try {
      const envelope = climb(request, all, exchange)
      const origin = new StatelessOrigin(request, envelope, carrier)
      const asked = { request, origin, carrier, context: contextOf(origin) }
      if (request.method === 'tools/call') return this.#callTool(exchange, asked)
      checkAddedName(request, application, exchange)
      if (request.method !== 'subscriptions/listen') return dispatch.run(asked)
      if (exchange.jsonOnly) return carrier.refuse(NO_STREAMS)
      return carrier.accepts.stream ? this.#listen(exchange, asked) : notAcceptable(request)
    } catch (problem) {
      return carrier.refuse(dispatch.known(problem, request))
    }
  }

  /** Headers that repeat arguments are held against the tool that is meant, before anything of it runs. */
  #callTool(exchange: Exchange, asked: Asked<Answer>): Awaitable<Answer> {
    const { application, dispatch } = this.#service
    const name = asked.request.params?.name
    if (typeof name !== 'string') return dispatch.run(asked)
    try {
      const tool = application.toolNamed(name, asked.context)
      return tool instanceof Promise ? this.#callLater(exchange, asked, tool) : this.#callFound(exchange, asked, tool)
    } catch (problem) {
      return dispatch.fail(problem, asked)
    }
  }

  async #callLater(exchange: Exchange, asked: Asked<Answer>, pending: Promise<Tool>): Promise<Answer> {
    try {
      return await this.#callFound(exchange, asked, await pending)
    } catch (problem) {
      return this.#service.dispatch.fail(problem, asked)
    }
  }

  #callFound(exchange: Exchange, asked: Asked<Answer>, tool: Tool): Awaitable<Answer> {
    const wrong = tool && paramHeaderProblem(tool, asked.request.params?.arguments, exchange)
    return wrong === undefined ? this.#service.dispatch.run(asked) : asked.carrier.refuse(wrong)
  }

  async #listen(exchange: Exchange, asked: Asked<Answer>): Promise<Answer> {
    const { application, dispatch, listens } = this.#service
    const { request, carrier, context } = asked
    try {
      const filter = await honour(readFilter(request.params ?? {}), application, context)
      const stops = listens.refusal(exchange.auth) === undefined ? await follow(filter, application, context) : []
      const full = listens.refusal(exchange.auth)
      if (full !== undefined) {
        for (const stop of stops) stop()
        return carrier.refuse(full)
      }
      const hears = (change: Change): Awaitable<boolean> => mayHear(change, application, context)
      const sink = new StreamSink(exchange.open(STREAM_HEADERS))
      const subscription = { id: request.id, filter, auth: exchange.auth, sink, stops, mayHear: hears }
      listens.open(subscription)
      exchange.onGone(() => listens.drop(subscription))
      return STREAMED
    } catch (problem) {
      return dispatch.fail(problem, asked)
    }
  }
}

/** Methods of extensions may repeat a parameter in a header too. */
function checkAddedName(request: RpcRequest, { additions }: Application, headers: Headers): void {
  const { nameFrom } = additions?.method(request.method) ?? {}
  if (nameFrom !== undefined) checkName(request.params?.[nameFrom], headers)
}

type Tool = ToolDefinition | undefined

const NO_STREAMS = new McpError('METHOD_NOT_FOUND', 'This server answers in JSON alone, so it has no subscriptions')

/** A subscription as an event stream of its own. */
class StreamSink implements Sink {
  readonly #stream: EventStream

  constructor(stream: EventStream) {
    this.#stream = stream
  }

  send(text: string): boolean {
    return this.#stream.send(frame(text))
  }

  beat(): boolean {
    return this.#stream.send(KEEP_ALIVE)
  }

  end(text: string): void {
    this.#stream.send(frame(text))
    this.#stream.close()
  }

  release(): void {
    this.#stream.close()
  }
}

function refusal(problem: McpError, id?: RequestId): Reply {
  return { status: ERROR_CODES[problem.code].http, body: failureText(id, problem) }
}

function notAcceptable({ id, method }: RpcRequest): Reply {
  const needed = method === 'subscriptions/listen' ? 'text/event-stream' : 'application/json or text/event-stream'
  return {
    status: 406,
    body: failureText(id, new McpError('INVALID_REQUEST', `The Accept header must allow ${needed}`)),
  }
}
