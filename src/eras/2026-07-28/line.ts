import type { Change } from '../../engine/application.ts'
import { contextOf } from '../../engine/backstage.ts'
import type { Awaitable } from '../../engine/call.ts'
import { type Cancellation, Inflight } from '../../engine/inflight.ts'
import { McpError } from '../../protocol/errors.ts'
import { isRequestId, type Received, type RequestId, type RpcRequest } from '../../protocol/json-rpc.ts'
import { failureText, notificationText } from '../encode.ts'
import type { Line, Wire } from '../era.ts'
import { mayHear } from '../when-allowed.ts'
import type { Asked } from './dispatch.ts'
import { follow, honour, readFilter } from './filter.ts'
import { climb } from './ladder.ts'
import { LineCarrier, type Shared } from './line-carrier.ts'
import type { Sink } from './listen.ts'
import { StatelessOrigin } from './origin.ts'
import type { Service } from './service.ts'

/** Serves a connection, on which every message says by its id what it belongs to (transports/stdio). */
export class StatelessLine implements Line {
  readonly #service: Service
  readonly #shared: Shared
  readonly #inflight = new Inflight()
  readonly #sinks = new Set<Sink>()
  #isClosed = false

  constructor(service: Service, wire: Wire) {
    this.#service = service
    this.#shared = { wire, inflight: this.#inflight, application: service.application }
  }

  /** Subscriptions do not count: they are never done. */
  get busy(): boolean {
    return this.#inflight.size > this.#sinks.size
  }

  receive(received: Received): void {
    if (this.#isClosed) return
    try {
      this.#take(received)
    } catch (problem) {
      this.#service.dispatch.known(problem, { method: `receiving a ${received.kind}` })
    }
  }

  close(reason: Error): void {
    this.#isClosed = true
    this.#inflight.cancelAll(reason)
  }

  #take(received: Received): void {
    switch (received.kind) {
      case 'request':
        this.#request(received.message)
        break
      case 'notification':
        if (received.message.method === 'notifications/cancelled') this.#cancel(received.message.params?.requestId)
        break
      case 'batch':
        this.#refuse(new McpError('INVALID_REQUEST', 'This revision has no batches: send one message per line'))
        break
      case 'invalid':
        this.#refuse(new McpError('INVALID_REQUEST', `Invalid message: ${received.reason}`), received.id)
        break
      case 'response':
        // Nothing was asked, so there is nothing that it answers.
        break
    }
  }

  #request(request: RpcRequest): void {
    const cancellation = this.#begin(request)
    if (cancellation === undefined) return
    const { all, dispatch } = this.#service
    const carrier = new LineCarrier(request.id, cancellation, this.#shared)
    try {
      const envelope = climb(request, all)
      const origin = new StatelessOrigin(request, envelope, carrier)
      const asked = { request, origin, carrier, context: contextOf(origin) }
      void (request.method === 'subscriptions/listen' ? this.#listen(asked, cancellation) : dispatch.run(asked))
    } catch (problem) {
      carrier.refuse(dispatch.known(problem, request))
    }
  }

  async #listen(asked: Asked<void> & { readonly carrier: LineCarrier }, cancellation: Cancellation): Promise<void> {
    const { application, dispatch, listens } = this.#service
    const { request, carrier, context } = asked
    try {
      const filter = await honour(readFilter(request.params ?? {}), application, context)
      const stops = listens.refusal(carrier.auth) === undefined ? await follow(filter, application, context) : []
      const full = listens.refusal(carrier.auth)
      if (full !== undefined || cancellation.reason !== undefined) {
        for (const stop of stops) stop()
        return full === undefined ? carrier.abandon() : carrier.refuse(full)
      }
      const hears = (change: Change): Awaitable<boolean> => mayHear(change, application, context)
      const sink = new LineSink(carrier, this.#sinks)
      const subscription = { id: request.id, filter, auth: carrier.auth, sink, stops, mayHear: hears }
      cancellation.onCancel(() => listens.drop(subscription))
      listens.open(subscription)
    } catch (problem) {
      dispatch.fail(problem, asked)
    }
  }

  #begin(request: RpcRequest): Cancellation | undefined {
    try {
      return this.#inflight.begin(request.id)
    } catch (problem) {
      this.#refuse(this.#service.dispatch.known(problem, request), request.id)
      return undefined
    }
  }

  #cancel(id: unknown): void {
    if (isRequestId(id)) this.#inflight.cancel(id)
  }

  #refuse(problem: McpError, id?: RequestId): void {
    this.#shared.wire.send(failureText(id, problem))
  }
}

/** A subscription among the other messages of a connection. */
class LineSink implements Sink {
  readonly #carrier: LineCarrier
  readonly #among: Set<Sink>

  constructor(carrier: LineCarrier, among: Set<Sink>) {
    this.#carrier = carrier
    this.#among = among
    among.add(this)
  }

  send(text: string): boolean {
    this.#carrier.send(text)
    return true
  }

  /** A connection needs no sign of life. */
  beat(): boolean {
    return true
  }

  /** A server that ends a subscription says so twice here: with the result, and by cancelling it (patterns/cancellation). */
  end(text: string): void {
    this.#among.delete(this)
    this.#carrier.finish(text, notificationText('notifications/cancelled', { requestId: this.#carrier.id }))
  }

  release(): void {
    this.#among.delete(this)
    this.#carrier.abandon()
  }
}
