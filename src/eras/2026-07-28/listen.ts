import type { Application, Change, Stop } from '../../engine/application.ts'
import { type Auth, principalOf } from '../../engine/auth.ts'
import type { Awaitable } from '../../engine/call.ts'
import { every } from '../../engine/timer.ts'
import { McpError } from '../../protocol/errors.ts'
import type { RequestId } from '../../protocol/json-rpc.ts'
import { answerText, notificationText } from '../encode.ts'
import type { EraOptions } from '../era.ts'
import { whenAllowed } from '../when-allowed.ts'
import { type Filter, isEmpty, notificationOf } from './filter.ts'
import { SERVER_INFO, SUBSCRIPTION_ID } from './revision.ts'

/** The open end of a subscription. */
export interface Sink {
  /** Sends a message. Returns false once the client takes no more. */
  send(text: string): boolean
  /** Shows a quiet client that the stream lives. Returns false once it takes no more. */
  beat(): boolean
  /** Ends with the result of the request. */
  end(text: string): void
  /** Ends without a word: nobody listens any more. */
  release(): void
}

/** One `subscriptions/listen` that is being answered. */
export interface Subscription {
  readonly id: RequestId
  readonly filter: Filter
  readonly auth: Auth | undefined
  readonly sink: Sink
  /** Whether the caller may be told of a change that the filter lets through. */
  mayHear(change: Change): Awaitable<boolean>
  /** What ends with it. */
  readonly stops: readonly Stop[]
}

type Told = NonNullable<ReturnType<typeof notificationOf>>

/** All subscriptions of a server, on whatever transport. */
export class Listens {
  readonly #application: Application
  readonly #limits: EraOptions['listens']
  readonly #open = new Set<Subscription>()
  readonly #perPrincipal = new Map<string, number>()
  #changes: Stop | undefined
  #pulse: ReturnType<typeof every> | undefined

  constructor(application: Application, limits: EraOptions['listens']) {
    this.#application = application
    this.#limits = limits
  }

  get size(): number {
    return this.#open.size
  }

  /**
   * Why there is no room for another one; undefined where there is. Callers without a name share only the bound of
   * all: under a bound of their own, one of them could shut out every other.
   */
  refusal(auth: Auth | undefined): McpError | undefined {
    if (this.#open.size >= this.#limits.most) {
      return new McpError('OVERLOADED', 'Too many subscriptions are open on this server. Try again later')
    }
    if (auth !== undefined && (this.#perPrincipal.get(principalOf(auth)) ?? 0) >= this.#limits.perPrincipal) {
      return new McpError('RATE_LIMITED', `At most ${this.#limits.perPrincipal} subscriptions may be open at once`)
    }
    return undefined
  }

  /** Begins: the acknowledgement goes first, and with nothing to tell of, the end follows at once. */
  open(subscription: Subscription): void {
    const { id, filter, sink } = subscription
    const acknowledgement = { _meta: { [SUBSCRIPTION_ID]: id }, notifications: filter }
    this.#add(subscription)
    const isTaken = sink.send(notificationText('notifications/subscriptions/acknowledged', acknowledgement))
    if (!isTaken) this.drop(subscription)
    else if (isEmpty(filter)) this.#end(subscription)
  }

  /** The client is gone or has cancelled: nothing more is sent. Unknown ones are ignored. */
  drop(subscription: Subscription): void {
    if (this.#remove(subscription)) subscription.sink.release()
  }

  /** Ends all, each with its result. */
  close(): void {
    for (const subscription of this.#open) this.#end(subscription)
  }

  #end(subscription: Subscription): void {
    if (!this.#remove(subscription)) return
    const meta = { [SUBSCRIPTION_ID]: subscription.id, [SERVER_INFO]: this.#application.identity }
    subscription.sink.end(String(answerText(subscription.id, JSON.stringify({ resultType: 'complete', _meta: meta }))))
  }

  #add(subscription: Subscription): void {
    this.#open.add(subscription)
    this.#count(subscription.auth, 1)
    this.#changes ??= this.#application.onChange((change) => this.#tell(change))
    this.#pulse ??= every(() => this.#beat(), this.#limits.keepAliveMs)
  }

  #remove(subscription: Subscription): boolean {
    if (!this.#open.delete(subscription)) return false
    this.#count(subscription.auth, -1)
    for (const stop of subscription.stops) stop()
    if (this.#open.size > 0) return true
    this.#changes?.()
    this.#changes = undefined
    clearInterval(this.#pulse)
    this.#pulse = undefined
    return true
  }

  #count(auth: Auth | undefined, by: 1 | -1): void {
    if (auth === undefined) return
    const principal = principalOf(auth)
    const count = (this.#perPrincipal.get(principal) ?? 0) + by
    if (count > 0) this.#perPrincipal.set(principal, count)
    else this.#perPrincipal.delete(principal)
  }

  #tell(change: Change): void {
    for (const subscription of this.#open) {
      const notification = notificationOf(change, subscription.filter)
      if (notification === undefined || this.#endIfExpired(subscription)) continue
      whenAllowed(
        () => subscription.mayHear(change),
        () => this.#send(notification, subscription),
      )
    }
  }

  #send({ method, ...params }: Told, subscription: Subscription): void {
    if (!this.#open.has(subscription)) return
    const meta = { [SUBSCRIPTION_ID]: subscription.id }
    if (!subscription.sink.send(notificationText(method, { _meta: meta, ...params }))) this.drop(subscription)
  }

  #beat(): void {
    for (const subscription of this.#open) {
      if (!this.#endIfExpired(subscription) && !subscription.sink.beat()) this.drop(subscription)
    }
  }

  /** A proof of identity that has run out opens nothing any more. */
  #endIfExpired(subscription: Subscription): boolean {
    const { expiresAt } = subscription.auth ?? {}
    if (expiresAt === undefined || Date.now() < expiresAt * 1000) return false
    this.#end(subscription)
    return true
  }
}
