import { later } from '../../engine/timer.ts'
import { McpError } from '../../protocol/errors.ts'
import type { Params, RequestId, RpcResponse } from '../../protocol/json-rpc.ts'
import { notificationText } from '../encode.ts'

/** A request of the server to its client, on behalf of the client's own request. */
export interface Ask {
  readonly method: string
  readonly params: Params
  /** The request on whose way the question travels; what ends it ends the wait. */
  readonly owner: Sender
  /** How long the client may take to answer. */
  readonly timeoutMs: number
}

/** Sends a message; false when nobody takes it. */
export interface Sender {
  send(text: string): boolean
}

interface Pending {
  readonly ask: Ask
  readonly resolve: (result: Params) => void
  readonly reject: (reason: Error) => void
  readonly timer: ReturnType<typeof setTimeout>
}

/** What a server has asked one client and waits for. Ids count per session, so no other session can answer. */
export class Asks {
  #last = 0
  readonly #pending = new Map<RequestId, Pending>()

  /** Sends the question and waits. Rejects when the client refuses, is gone, or takes too long. */
  ask(ask: Ask): Promise<Params> {
    this.#last += 1
    const id = this.#last
    return new Promise((resolve, reject) => {
      const { method, params, owner, timeoutMs } = ask
      if (!owner.send(JSON.stringify({ jsonrpc: '2.0', id, method, params }))) {
        reject(new McpError('INVALID_REQUEST', NOBODY_THERE))
        return
      }
      const timer = later(() => this.#giveUp(id), timeoutMs)
      this.#pending.set(id, { ask, resolve, reject, timer })
    })
  }

  /** Gives an answer to whoever waits for it; one that nobody waits for is dropped. */
  answer(message: RpcResponse): void {
    const pending = message.id === undefined ? undefined : this.#take(message.id)
    if (pending === undefined) return
    if ('result' in message) pending.resolve(message.result)
    else pending.reject(refusal(pending.ask.method, message.error.code, message.error.message))
  }

  /** Ends every wait of one request. */
  drop(owner: Sender, reason: Error): void {
    for (const [id, { ask }] of this.#pending) {
      if (ask.owner === owner) this.#take(id)?.reject(reason)
    }
  }

  #giveUp(id: RequestId): void {
    const pending = this.#take(id)
    if (pending === undefined) return
    const { method, owner, timeoutMs } = pending.ask
    const reason = `No answer to ${method} within ${timeoutMs / 1000} s`
    owner.send(notificationText('notifications/cancelled', { requestId: id, reason }))
    pending.reject(new McpError('TIMEOUT', reason))
  }

  #take(id: RequestId): Pending | undefined {
    const pending = this.#pending.get(id)
    if (pending === undefined) return undefined
    this.#pending.delete(id)
    clearTimeout(pending.timer)
    return pending
  }
}

const NOBODY_THERE =
  'The client cannot be asked: its request takes no event stream and its session has none open by GET, or it is gone'
const LONGEST_WORDS = 500

function refusal(method: string, code: number, message: string): McpError {
  return new McpError('INVALID_REQUEST', `The client refused ${method} (${code}): ${message.slice(0, LONGEST_WORDS)}`)
}
