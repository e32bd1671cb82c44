import type { Auth } from '../../engine/auth.ts'
import type { ClientFace, Origin } from '../../engine/origin.ts'
import type { Meta } from '../../protocol/content.ts'
import { McpError } from '../../protocol/errors.ts'
import type { Params, RequestId, RpcRequest } from '../../protocol/json-rpc.ts'
import { LOG_LEVELS, type LogLevel } from '../../protocol/methods.ts'
import { notificationText } from '../encode.ts'
import { lacking } from './asks.ts'
import type { Envelope } from './envelope.ts'
import { CLIENT_CAPABILITIES, CLIENT_INFO, LOG_LEVEL, PROTOCOL_VERSION } from './revision.ts'

/** The way back to the client of one request, whatever carries it. */
export interface Carrier {
  readonly auth: Auth | undefined
  header(name: string): string | undefined
  /** Sends a message ahead of the answer. Does nothing once answered or cancelled. */
  send(text: string): void
  onCancel(listener: (reason: Error) => void): void
  /** For operators: a message could not be made. */
  report(problem: Error, facts: Readonly<Record<string, unknown>>): void
}

/** A request of this era, as handlers see where it came from. All it knows is in the request itself. */
export class StatelessOrigin implements Origin {
  readonly #request: RpcRequest
  readonly #envelope: Envelope
  readonly #carrier: Carrier

  constructor(request: RpcRequest, envelope: Envelope, carrier: Carrier) {
    this.#request = request
    this.#envelope = envelope
    this.#carrier = carrier
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

  header(name: string): string | undefined {
    return this.#carrier.header(name)
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

  async ask(method: string, params: Params): Promise<never> {
    const missing = lacking(method, params, this.client.capabilities)
    if (missing === undefined) {
      throw new McpError('INTERNAL_ERROR', 'This server cannot ask the client in the stateless era')
    }
    throw new McpError(
      'MISSING_CLIENT_CAPABILITY',
      `${method} needs a capability that the client has not declared: ${Object.keys(missing)}`,
      {
        data: { requiredCapabilities: missing },
      },
    )
  }

  onCancel(listener: (reason: Error) => void): void {
    this.#carrier.onCancel(listener)
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

/** Notifications that travel on a subscription and nowhere else. */
const ELSEWHERE: ReadonlySet<string> = new Set([
  'notifications/cancelled',
  'notifications/prompts/list_changed',
  'notifications/resources/list_changed',
  'notifications/resources/updated',
  'notifications/subscriptions/acknowledged',
  'notifications/tools/list_changed',
])
