import type { Change, Hearer, Stop } from '../../engine/application.ts'
import type { Awaitable } from '../../engine/call.ts'
import { type Cancellation, Inflight } from '../../engine/inflight.ts'
import type { ClientFace } from '../../engine/origin.ts'
import type { ServerCapabilities } from '../../protocol/capabilities.ts'
import { McpError } from '../../protocol/errors.ts'
import { isRequestId, type RequestId, type RpcNotification, type RpcResponse } from '../../protocol/json-rpc.ts'
import type { LogLevel } from '../../protocol/methods.ts'
import { Asks, type Sender } from './asks.ts'
import type { EventStore } from './events.ts'
import { invalidRequest } from './failures.ts'
import type { Greeting } from './handshake.ts'
import { newId } from './ids.ts'
import { type Party, STRANGER } from './party.ts'
import { ASSUMED, type Revision } from './revisions.ts'
import { Streams } from './streams.ts'

/** Where messages that belong to no request go: the GET stream of a session, or its wire. */
export interface Ear extends Sender {
  /** Whether somebody hears at this moment; an ear that is not open may keep what it is told. */
  readonly isOpen: boolean
  /** Of the request that opened it, or of the wire. */
  readonly way: Pick<Hearer, 'auth' | 'header'>
  close(): void
}

/** Most resources that one session may watch, and the longest URI of one: sessions outlive requests. */
const MOST_WATCHED = 256
const LONGEST_WATCHED = 8_192

/** What a client that set no level gets (2025-11-25 server/utilities/logging leaves the choice to the server). */
const USUAL_LEVEL: LogLevel = 'info'

/** A resource that a session watches. */
export interface Watched {
  /** Called when it does so no longer. */
  readonly stop: Stop | undefined
  /** Whether the caller may be told of a change of it. */
  mayHear(change: Change): Awaitable<boolean>
}

/** What a server remembers of one client between its requests. */
export class Session implements Party {
  readonly id: string = newId()
  /** Whose session it is; see `principalOf`. */
  readonly principal: string
  readonly createdAt: number = performance.now()
  /** When the client last sent a message, or last got an answer. */
  seenAt: number = this.createdAt
  revision: Revision = ASSUMED
  client: ClientFace = STRANGER
  logLevel: LogLevel | undefined
  /** Called when the client says that it is ready. */
  onInitialized: (() => void) | undefined
  readonly asks: Asks = new Asks()
  readonly #inflight = new Inflight()
  #handshake: RequestId | undefined
  #promised: ServerCapabilities | undefined
  #watched: Map<string, Watched> | undefined
  #ear: Ear | undefined
  #streams: Streams | undefined
  #isClosed = false

  constructor(principal: string) {
    this.principal = principal
  }

  /** Whether the handshake is over. */
  get greeted(): boolean {
    return this.#promised !== undefined
  }

  /** Whether a request is being worked on. */
  get busy(): boolean {
    return this.#inflight.size > 0
  }

  /** Whether there is a way to tell the client what it did not ask for. */
  get listening(): boolean {
    return this.#ear?.isOpen === true
  }

  /** Its event streams, which outlive the connections that carry them; made when first needed. */
  streamsIn(store: EventStore): Streams {
    this.#streams ??= new Streams(store)
    return this.#streams
  }

  /** Begins the handshake. Throws when it was begun before: nothing of the session changes then. */
  meet({ revision, client }: Greeting, id: RequestId): void {
    if (this.greeted || this.#handshake !== undefined) throw invalidRequest('This session is already initialized')
    this.#handshake = id
    this.revision = revision
    this.client = client
  }

  /** Ends the handshake: with what the server promised, or with nothing if it failed. */
  greet(promised: ServerCapabilities | undefined): void {
    this.#handshake = undefined
    this.#promised = promised
    if (promised !== undefined) this.logLevel ??= USUAL_LEVEL
  }

  begin(id: RequestId): Cancellation {
    return this.#inflight.begin(id)
  }

  end(id: RequestId): void {
    this.seenAt = performance.now()
    this.#inflight.end(id)
  }

  notified({ method, params }: RpcNotification): void {
    if (method === 'notifications/initialized') this.onInitialized?.()
    else if (method === 'notifications/cancelled') this.#cancel(params?.requestId)
  }

  answered(message: RpcResponse): void {
    this.asks.answer(message)
  }

  /** `initialize` cannot be cancelled (2025-11-25 basic/utilities/cancellation). */
  #cancel(id: unknown): void {
    if (!isRequestId(id) || id === this.#handshake) return
    this.#inflight.cancel(id, new McpError('CANCELLED', 'The client cancelled the request'))
  }

  /** Throws where it may not watch one more. */
  checkRoom(uri: string): void {
    this.#watched ??= new Map()
    const full = this.#watched.size >= MOST_WATCHED && !this.#watched.has(uri)
    if (full) throw new McpError('INVALID_PARAMS', `A session can subscribe to at most ${MOST_WATCHED} resources`)
    if (uri.length > LONGEST_WATCHED) throw new McpError('INVALID_PARAMS', '"uri" is too long to subscribe to')
  }

  watch(uri: string, watched: Watched): void {
    if (this.#isClosed) watched.stop?.()
    else this.#watch(uri, watched)
  }

  #watch(uri: string, watched: Watched): void {
    this.checkRoom(uri)
    this.#watched?.get(uri)?.stop?.()
    this.#watched?.set(uri, watched)
  }

  unwatch(uri: string): void {
    this.#watched?.get(uri)?.stop?.()
    this.#watched?.delete(uri)
  }

  /** How it watches a resource; undefined where it does not. */
  watched(uri: string): Watched | undefined {
    return this.#watched?.get(uri)
  }

  /** Whether the server promised to tell of changes of this list, and this is one that concerns the session. */
  wasPromised(list: 'tools' | 'resources' | 'prompts', { isFor }: Change): boolean {
    if (this.#promised?.[list]?.listChanged !== true) return false
    const way = this.#ear?.way
    if (isFor === undefined || way === undefined) return isFor === undefined
    return isFor({ auth: way.auth, sessionId: this.id, client: this.client, header: (name) => way.header(name) })
  }

  /** Opens the way for what belongs to no request. */
  listen(ear: Ear): void {
    this.#ear = ear
  }

  /** Closes that way. */
  deafen(): void {
    const ear = this.#ear
    if (ear === undefined) return
    this.#ear = undefined
    this.seenAt = performance.now()
    ear.close()
  }

  /** The way is cut; the session hears on all the same if its client may come back for what it missed. */
  rest(mayComeBack: boolean): void {
    this.seenAt = performance.now()
    if (!mayComeBack) this.deafen()
  }

  /** Tells the client something that belongs to no request; lost, and false, when it does not listen. */
  tell(text: string): boolean {
    if (this.#ear?.send(text)) return true
    this.deafen()
    return false
  }

  /** Ends everything that the session holds: its stream, its requests and what they asked. */
  close(reason: Error): void {
    this.#isClosed = true
    for (const { stop } of this.#watched?.values() ?? []) stop?.()
    this.#watched = undefined
    this.deafen()
    this.#streams?.close()
    this.#inflight.cancelAll(reason)
  }
}
