import type { Auth } from '../../engine/auth.ts'
import { Cancellation } from '../../engine/inflight.ts'
import type { ClientFace, Origin } from '../../engine/origin.ts'
import type { Meta } from '../../protocol/content.ts'
import { McpError } from '../../protocol/errors.ts'
import { isRecord, type Params, type RequestId, type RpcRequest } from '../../protocol/json-rpc.ts'
import { LOG_LEVELS, type LogLevel } from '../../protocol/methods.ts'
import { notificationText } from '../encode.ts'
import type { Sender } from './asks.ts'
import { askParams } from './client-abilities.ts'
import { invalidRequest } from './failures.ts'
import type { Party } from './party.ts'
import { Session } from './session.ts'

/** What carries a request: one HTTP exchange, or a wire. */
export interface Way extends Sender {
  readonly auth: Auth | undefined
  header(name: string): string | undefined
  /** Calls `listener` when the client can no longer be reached on this way. */
  onGone(listener: () => void): void
  /** For operators. */
  report(problem: Error, facts: Readonly<Record<string, unknown>>): void
}

/**
 * A request of this era, from its arrival to its answer.
 *
 * What becomes of it when its client goes away: a session's request goes on, for a lost connection is
 * no cancellation (2025-11-25 basic/transports), and its answer is dropped; only what it asked the client
 * can then no longer be answered. A guest's request is cancelled, for nobody could ever come back for it.
 */
export class StatefulOrigin implements Origin, Sender {
  readonly request: RpcRequest
  readonly party: Party
  readonly #way: Way
  #cancellation: Cancellation | undefined
  #asks = false
  #gone = false
  #over = false

  /** Enters the request. Throws `INVALID_REQUEST` when its id is in flight in the same session. */
  constructor(request: RpcRequest, party: Party, way: Way) {
    this.request = request
    this.party = party
    this.#way = way
    this.#cancellation = party.begin(request.id)
  }

  get requestId(): RequestId {
    return this.request.id
  }

  get revision(): string {
    return this.party.revision.name
  }

  get client(): ClientFace {
    return this.party.client
  }

  get auth(): Auth | undefined {
    return this.#way.auth
  }

  get sessionId(): string | undefined {
    return this.party.id
  }

  get meta(): Meta | undefined {
    const meta = this.request.params?._meta
    return isRecord(meta) ? meta : undefined
  }

  get logLevel(): LogLevel | undefined {
    return this.party.logLevel
  }

  /** Whether anybody wants the answer. */
  get cancelled(): boolean {
    return this.#cancellation?.reason !== undefined
  }

  header(name: string): string | undefined {
    return this.#way.header(name)
  }

  onCancel(listener: (reason: Error) => void): void {
    if (this.#cancellation === undefined) {
      const cancellation = new Cancellation()
      this.#cancellation = cancellation
      this.#way.onGone(() => cancellation.cancel(GONE))
    }
    this.#cancellation.onCancel(listener)
  }

  /** Sends a message on the way of this request; nothing follows its answer or its cancellation. */
  send(text: string): boolean {
    return !this.#over && !this.#gone && !this.cancelled && this.#way.send(text)
  }

  notify(method: string, params: Params): void {
    if (this.#over || !this.#isWanted(method, params)) return
    try {
      this.send(notificationText(method, this.#known(method, params)))
    } catch (thrown) {
      this.report(thrown instanceof Error ? thrown : new Error(String(thrown)), { during: method })
    }
  }

  ask(method: string, params: Params): Promise<Params> {
    const answer = this.#ask(method, params)
    // Whoever asked may have stopped waiting; its rejection then concerns nobody.
    answer.catch(() => undefined)
    return answer
  }

  report(problem: Error, facts?: Readonly<Record<string, unknown>>): void {
    this.#way.report(problem, { method: this.request.method.slice(0, 100), requestId: this.requestId, ...facts })
  }

  /** The request is answered, or will never be. */
  end(): void {
    this.#over = true
    this.party.end(this.requestId)
    if (this.#asks) this.#drop(new McpError('CANCELLED', 'The request that asked is over'))
  }

  async #ask(method: string, params: Params): Promise<Params> {
    const { party } = this
    if (!(party instanceof Session) || !party.greeted) throw invalidRequest(`${method} ${NEEDS_SESSION}`)
    if (this.cancelled || this.#over) throw new McpError('CANCELLED', 'The request that asks is over')
    const fitting = askParams(method, params, { revision: party.revision, capabilities: party.client.capabilities })
    this.#expectEnd()
    return party.asks.ask({ method, params: fitting, owner: this })
  }

  /** Once per request that asks at all: its questions end with it, and with the way they went. */
  #expectEnd(): void {
    if (this.#asks) return
    this.#asks = true
    this.onCancel((reason) => this.#drop(reason))
    this.#way.onGone(() => {
      this.#gone = true
      this.#drop(GONE)
    })
  }

  #drop(reason: Error): void {
    if (this.party instanceof Session) this.party.asks.drop(this, reason)
  }

  /** Nothing may be sent before the handshake is over; log messages only as the client wants them. */
  #isWanted(method: string, { level }: Params): boolean {
    if (this.request.method === 'initialize') return false
    if (method !== 'notifications/message') return true
    return LOG_LEVELS.slice(this.#leastRank).some((wanted) => wanted === level)
  }

  get #leastRank(): number {
    const least = this.logLevel
    return least === undefined ? LOG_LEVELS.length : LOG_LEVELS.indexOf(least)
  }

  #known(method: string, params: Params): Params {
    if (method !== 'notifications/progress' || this.party.revision.progressMessage) return params
    const { message: _, ...older } = params
    return older
  }
}

const NEEDS_SESSION =
  'needs a session: the client must begin with an initialize request and send the Mcp-Session-Id header it is given'
const GONE = new McpError('CANCELLED', 'The client has disconnected')
