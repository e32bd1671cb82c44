import { type Ability, abilityFor, declarationOf, isAble } from '../../engine/abilities.ts'
import type { Application } from '../../engine/application.ts'
import type { Auth } from '../../engine/auth.ts'
import type { Awaitable } from '../../engine/call.ts'
import type { ClientFace, Flow, Origin } from '../../engine/origin.ts'
import type { Ask, AskMethod, InputResponse } from '../../protocol/asks.ts'
import type { Meta } from '../../protocol/content.ts'
import { McpError } from '../../protocol/errors.ts'
import type { InputRequired } from '../../protocol/input-required.ts'
import type { Params, RequestId, RpcRequest } from '../../protocol/json-rpc.ts'
import { LOG_LEVELS, type LogLevel } from '../../protocol/methods.ts'
import { notificationText } from '../encode.ts'
import type { Envelope } from './envelope.ts'
import { Replay } from './replay.ts'
import { CLIENT_CAPABILITIES, CLIENT_INFO, LOG_LEVEL, PROTOCOL_VERSION } from './revision.ts'
import { mayAsk } from './rounds.ts'

/** The way back to the client of one request, whatever carries it. */
export interface Carrier {
  readonly application: Application
  readonly auth: Auth | undefined
  header(name: string): string | undefined
  headers(): Readonly<Record<string, string>>
  /** Sends a message ahead of the answer. Does nothing once answered or cancelled. */
  send(text: string): void
  readonly flow?: Flow | undefined
  onCancel(listener: (reason: Error) => void): void
  /** For operators: a message could not be made. */
  report(problem: Error, facts: Readonly<Record<string, unknown>>): void
}

const NO_RESPONSES: Readonly<Record<string, InputResponse>> = Object.freeze(Object.create(null))

/** A request of this era, as handlers see where it came from. All it knows is in the request itself. */
export class StatelessOrigin implements Origin {
  readonly #request: RpcRequest
  readonly #envelope: Envelope
  readonly #carrier: Carrier
  #replay: Replay | undefined

  constructor(request: RpcRequest, envelope: Envelope, carrier: Carrier) {
    this.#request = request
    this.#envelope = envelope
    this.#carrier = carrier
  }

  get application(): Application {
    return this.#carrier.application
  }

  get requestId(): RequestId {
    return this.#request.id
  }

  get revision(): string {
    return this.#envelope[PROTOCOL_VERSION]
  }

  get client(): ClientFace {
    return { info: this.#envelope[CLIENT_INFO], capabilities: this.#envelope[CLIENT_CAPABILITIES] }
  }

  get auth(): Auth | undefined {
    return this.#carrier.auth
  }

  get sessionId(): undefined {
    return undefined
  }

  get meta(): Meta {
    return this.#envelope
  }

  get logLevel(): LogLevel | undefined {
    return this.#envelope[LOG_LEVEL]
  }

  get flow(): Flow | undefined {
    return this.#carrier.flow
  }

  /** What this run of the handler knows and asks; made when it first asks, or brought by the request. */
  get replay(): Replay {
    this.#replay ??= new Replay()
    return this.#replay
  }

  set replay(replay: Replay) {
    this.#replay = replay
  }

  get unwinding(): boolean {
    return this.#replay?.asking ?? false
  }

  get inputResponses(): Readonly<Record<string, InputResponse>> {
    return this.#replay?.responses ?? NO_RESPONSES
  }

  get requestState(): unknown {
    return this.#replay?.journal.state
  }

  header(name: string): string | undefined {
    return this.#carrier.header(name)
  }

  headers(): Readonly<Record<string, string>> {
    return this.#carrier.headers()
  }

  can(ability: Ability): boolean {
    return isAble(ability, this.client.capabilities)
  }

  notify(method: string, params: Params): void {
    if (!this.#isWanted(method, params)) return
    try {
      this.#carrier.send(notificationText(method, params))
    } catch (problem) {
      const cause = problem instanceof Error ? problem : new Error(String(problem))
      this.#carrier.report(cause, { during: method, requestId: this.requestId })
    }
  }

  async ask(key: string, method: AskMethod, params: Params): Promise<InputResponse> {
    this.#checkAsk({ method, params })
    return this.replay.ask(key, { method, params })
  }

  once<T>(key: string, work: () => Awaitable<T>): Promise<T> {
    return this.replay.journal.once(key, work)
  }

  require(asked: InputRequired): Error {
    for (const ask of Object.values(asked.inputRequests)) this.#checkAsk(ask)
    return this.replay.require(asked)
  }

  onCancel(listener: (reason: Error) => void): void {
    this.#carrier.onCancel(listener)
  }

  /** Throws for what this request may not be answered with, or its client cannot be asked. */
  #checkAsk({ method, params }: Ask): void {
    if (!mayAsk(this.#request.method)) {
      throw new McpError(
        'INVALID_REQUEST',
        `Only tools, prompts and resources can ask a client, not ${this.#request.method}`,
      )
    }
    const ability = abilityFor(method, params)
    if (ability === undefined)
      throw new McpError('INVALID_REQUEST', `A client cannot be asked for ${String(method).slice(0, 100)}`)
    if (!this.can(ability)) throw unable(method, ability)
  }

  /** Only what concerns this request and was asked for may travel beside it. */
  #isWanted(method: string, params: Params): boolean {
    if (method === 'notifications/message') return this.#isLoud(params.level)
    const { progressToken } = this.#envelope
    if (method === 'notifications/progress')
      return progressToken !== undefined && params.progressToken === progressToken
    return !ELSEWHERE.has(method)
  }

  #isLoud(level: unknown): boolean {
    const least = this.logLevel
    return least !== undefined && LOG_LEVELS.slice(LOG_LEVELS.indexOf(least)).some((loud) => loud === level)
  }
}

function unable(method: string, ability: Ability): McpError {
  const words = `${method} needs the client capability "${ability}", which this client has not declared`
  return new McpError('MISSING_CLIENT_CAPABILITY', words, { data: { requiredCapabilities: declarationOf(ability) } })
}

/** Notifications that travel on a subscription and nowhere else. */
const ELSEWHERE: ReadonlySet<string> = new Set([
  'notifications/cancelled',
  'notifications/prompts/list_changed',
  'notifications/resources/list_changed',
  'notifications/resources/updated',
  'notifications/subscriptions/acknowledged',
  'notifications/tools/list_changed',
])
