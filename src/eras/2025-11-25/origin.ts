import { type Ability, extensionIn } from '../../engine/abilities.ts'
import { isAnswerTo, isAskMethod } from '../../engine/answers.ts'
import type { Application } from '../../engine/application.ts'
import type { Auth } from '../../engine/auth.ts'
import type { Awaitable } from '../../engine/call.ts'
import { Cancellation } from '../../engine/inflight.ts'
import type { ClientFace, Flow, Origin } from '../../engine/origin.ts'
import type { Ask, AskMethod, InputResponse } from '../../protocol/asks.ts'
import type { Meta } from '../../protocol/content.ts'
import { McpError } from '../../protocol/errors.ts'
import type { InputRequired } from '../../protocol/input-required.ts'
import { isRecord, type Params, type RequestId, type RpcRequest } from '../../protocol/json-rpc.ts'
import { LOG_LEVELS, type LogLevel } from '../../protocol/methods.ts'
import { notificationText } from '../encode.ts'
import type { Sender } from './asks.ts'
import { type Asked, askParams, canBeAsked } from './client-abilities.ts'
import { Dialogue } from './dialogue.ts'
import { invalidRequest } from './failures.ts'
import type { Party } from './party.ts'
import { Session } from './session.ts'

/** What carries a request: one HTTP exchange, or a wire. */
export interface Way extends Sender {
  readonly auth: Auth | undefined
  header(name: string): string | undefined
  headers(): Readonly<Record<string, string>>
  readonly flow?: Flow | undefined
  /** See `Origin.closeStream`. */
  closeStream?(): boolean
  /** Calls `listener` when the client can no longer be reached on this way. */
  onGone(listener: () => void): void
  /** For operators. */
  report(problem: Error, facts: Readonly<Record<string, unknown>>): void
}

/** What works on a request. */
export interface Attendant {
  readonly application: Application
  /** How long a client may take to answer a question. */
  readonly askTimeoutMs: number
}

const NO_RESPONSES: Readonly<Record<string, InputResponse>> = Object.freeze(Object.create(null))

/**
 * A request of this era, from its arrival to its answer.
 *
 * What becomes of it when its client goes away: a session's request goes on, for a lost connection is
 * no cancellation (2025-11-25 basic/transports). If the client knows where to come back to, what it misses is
 * kept for it; if not, the answer is dropped, and what it was asked can no longer be answered. A guest's request
 * is cancelled, for nobody could ever come back for it.
 */
export class StatefulOrigin implements Origin, Sender {
  readonly request: RpcRequest
  readonly party: Party
  /** What the request failed with. */
  failure: McpError | undefined
  readonly #way: Way
  #attendant: Attendant | undefined
  #dialogue: Dialogue | undefined
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

  /** Tells the request who works on it. */
  attend(attendant: Attendant): void {
    this.#attendant = attendant
  }

  get application(): Application {
    return this.#attended.application
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

  get flow(): Flow | undefined {
    return this.#way.flow
  }

  closeStream(): boolean {
    return !this.#over && (this.#way.closeStream?.() ?? false)
  }

  header(name: string): string | undefined {
    return this.#way.header(name)
  }

  headers(): Readonly<Record<string, string>> {
    return this.#way.headers()
  }

  /** Extensions whose results are of types of their own do not exist for clients of this era. */
  can(ability: Ability): boolean {
    const extension = extensionIn(ability)
    const isOther = extension !== undefined && this.application.additions?.needsResultTypes(extension)
    return !isOther && canBeAsked(ability, this.#asked)
  }

  /** What the request has asked; made when it first asks. */
  get dialogue(): Dialogue {
    this.#dialogue ??= new Dialogue((ask) => this.#put(ask))
    return this.#dialogue
  }

  get unwinding(): boolean {
    return this.#dialogue?.required ?? false
  }

  get inputResponses(): Readonly<Record<string, InputResponse>> {
    return this.#dialogue?.responses ?? NO_RESPONSES
  }

  get requestState(): unknown {
    return this.#dialogue?.journal.state
  }

  once<T>(key: string, work: () => Awaitable<T>): Promise<T> {
    return this.dialogue.journal.once(key, work)
  }

  require(asked: InputRequired): Error {
    return this.dialogue.require(asked)
  }

  onCancel(listener: (reason: Error) => void): void {
    if (this.#cancellation === undefined) {
      const cancellation = new Cancellation()
      this.#cancellation = cancellation
      this.#way.onGone(() => cancellation.cancel(GONE))
    }
    this.#cancellation.onCancel(listener)
  }

  /**
   * Asks on the way of this request, or where that carries no streams on the one of its session; nothing follows
   * its answer or its cancellation.
   */
  send(text: string): boolean {
    return this.#isOpen && (this.#way.send(text) || (this.party instanceof Session && this.party.tell(text)))
  }

  notify(method: string, params: Params): void {
    if (!this.#isOpen || !this.#isWanted(method, params)) return
    try {
      this.#way.send(notificationText(method, this.#known(method, params)))
    } catch (thrown) {
      this.report(thrown instanceof Error ? thrown : new Error(String(thrown)), { during: method })
    }
  }

  ask(key: string, method: AskMethod, params: Params): Promise<InputResponse> {
    const answer = this.dialogue.ask(key, { method, params })
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

  async #put({ method, params }: Ask): Promise<InputResponse> {
    const { party } = this
    if (!(party instanceof Session) || !party.greeted) throw invalidRequest(`${method} ${NEEDS_SESSION}`)
    if (this.cancelled || this.#over) throw new McpError('CANCELLED', 'The request that asks is over')
    const fitting = askParams(method, params, this.#asked)
    this.#expectEnd()
    const timeoutMs = this.#attended.askTimeoutMs
    const answer = await party.asks.ask({ method, params: fitting, owner: this, timeoutMs })
    if (!isAskMethod(method) || isAnswerTo(method, answer)) return answer as unknown as InputResponse // checked, or a ping's
    throw invalidRequest(`The client's answer to ${method} does not have the form that the protocol gives it`)
  }

  get #isOpen(): boolean {
    return !this.#over && !this.#gone && !this.cancelled
  }

  get #asked(): Asked {
    const { revision, client } = this.party
    return { revision, capabilities: client.capabilities }
  }

  get #attended(): Attendant {
    if (this.#attendant === undefined) throw new Error('Nobody works on this request yet')
    return this.#attendant
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
