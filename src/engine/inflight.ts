import { McpError } from '../protocol/errors.ts'
import type { RequestId } from '../protocol/json-rpc.ts'

/** A request being worked on: carries the wish to stop to whoever listens. */
export class Cancellation {
  #reason: Error | undefined
  #listeners: ((reason: Error) => void)[] | undefined

  /** Why the work was cancelled; undefined while it is wanted. */
  get reason(): Error | undefined {
    return this.#reason
  }

  /** Calls `listener` once when cancelled; at once if that already happened. */
  onCancel(listener: (reason: Error) => void): void {
    if (this.#reason) {
      listener(this.#reason)
      return
    }
    this.#listeners ??= []
    this.#listeners.push(listener)
  }

  /** Tells every listener, once. */
  cancel(reason: Error = new McpError('CANCELLED', 'The request was cancelled')): void {
    if (this.#reason) return
    this.#reason = reason
    const listeners = this.#listeners ?? []
    this.#listeners = undefined
    for (const listener of listeners) listener(reason)
  }
}

/** The requests that one peer has in flight, by id; `"1"` and `1` are two. */
export class Inflight {
  readonly #byId = new Map<RequestId, Cancellation>()

  get size(): number {
    return this.#byId.size
  }

  /** Begins a request. Throws `INVALID_REQUEST` when the id is already in flight (JSON-RPC, SIO-05). */
  begin(id: RequestId): Cancellation {
    if (this.#byId.has(id)) throw new McpError('INVALID_REQUEST', 'A request with this id is already in flight')
    const cancellation = new Cancellation()
    this.#byId.set(id, cancellation)
    return cancellation
  }

  end(id: RequestId): void {
    this.#byId.delete(id)
  }

  /** Cancels one request; an unknown or finished id is ignored. */
  cancel(id: RequestId, reason?: Error): void {
    this.#byId.get(id)?.cancel(reason)
  }

  /** Cancels all: the peer is gone or the server stops. */
  cancelAll(reason: Error): void {
    for (const cancellation of this.#byId.values()) cancellation.cancel(reason)
  }
}
