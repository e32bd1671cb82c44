import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Auth } from '../../engine/auth.ts'
import { type Answer, type EventStream, type Exchange, type Reply, STREAMED } from '../../eras/exchange.ts'
import type { HttpRequest } from '../http/options.ts'
import { FAILED } from '../http/refusal.ts'
import { tellAll, toError } from '../http/site.ts'
import type { Desk } from './desk.ts'
import { PIPELINED } from './lane.ts'
import { respond, respondUnread } from './respond.ts'
import { NodeStream } from './stream.ts'

/** What an exchange whose client is gone opens. */
const ENDED: EventStream = {
  isCongested: false,
  drained: () => undefined,
  send: () => false,
  close: () => undefined,
}

/**
 * One exchange over Node's own request and response. Made for every request, so it holds plain
 * fields and makes nothing before it is needed.
 */
export class NodeExchange implements Exchange, HttpRequest {
  readonly desk: Desk
  readonly request: IncomingMessage
  readonly response: ServerResponse
  /** Whether the client waits for a 100 before it sends the body. */
  readonly expects: boolean
  auth: Auth | undefined = undefined
  text = ''
  /** The sweep at which a body began to be waited for; negative if none was. */
  readingSince = -1
  /** Whether an answer is given, or nobody is there to take one. */
  answered = false
  #live = false
  #left = false
  #stream: NodeStream | undefined = undefined
  #gone: (() => void)[] | undefined = undefined

  constructor(desk: Desk, request: IncomingMessage, response: ServerResponse, expects: boolean) {
    this.desk = desk
    this.request = request
    this.response = response
    this.expects = expects
  }

  get method(): string {
    return this.request.method ?? ''
  }

  get verb(): string {
    return this.request.method ?? ''
  }

  get jsonOnly(): boolean {
    return this.desk.site.jsonOnly
  }

  get path(): string {
    const target = this.request.url ?? ''
    const query = target.indexOf('?')
    return query < 0 ? target : target.slice(0, query)
  }

  get address(): string | undefined {
    return this.request.socket.remoteAddress
  }

  header(name: string): string | undefined {
    const raw = this.request.rawHeaders
    let found: string | undefined
    for (let i = 0; i < raw.length; i += 2) {
      const key = raw[i] ?? ''
      if (key.length !== name.length || (key !== name && key.toLowerCase() !== name.toLowerCase())) continue
      found = found === undefined ? raw[i + 1] : `${found}, ${raw[i + 1]}`
    }
    return found
  }

  headers(): Readonly<Record<string, string>> {
    const all: Record<string, string> = Object.create(null)
    const raw = this.request.rawHeaders
    for (let i = 0; i < raw.length; i += 2) {
      const name = (raw[i] ?? '').toLowerCase()
      all[name] = all[name] === undefined ? (raw[i + 1] ?? '') : `${all[name]}, ${raw[i + 1]}`
    }
    return all
  }

  open(headers?: Readonly<Record<string, string>>): EventStream {
    if (this.answered) return ENDED
    if (this.#stream === undefined) {
      this.#stream = new NodeStream(this, headers)
      this.#enterLane()
    }
    return this.#stream
  }

  onGone(listener: () => void): void {
    if (this.#left) {
      listener()
      return
    }
    this.#gone ??= []
    this.#gone.push(listener)
    this.#enterLane()
  }

  /** Lets the eras answer. Never throws. */
  ask(): void {
    if (this.mustWait(this.ask)) return
    try {
      const answer = this.desk.eras.exchange(this)
      if (answer instanceof Promise) this.hold(answer, (given) => this.#settle(given))
      else this.#settle(answer)
    } catch (problem) {
      this.fail(problem)
    }
  }

  /** Whether others on this connection come first; `step` is called when it is this one's turn. */
  mustWait(step: () => void): boolean {
    const { desk, request } = this
    if (this.#live || desk.pending < PIPELINED || desk.liveOn(request.socket) < PIPELINED) return false
    desk.laneOf(request.socket).wait(step.bind(this))
    return true
  }

  /** Waits for a promise; the connection, and a server that stops, know of it. */
  hold<T>(work: Promise<T>, next: (value: T) => void): void {
    const { desk } = this
    desk.pending++
    this.#enterLane()
    work
      .then(next)
      .catch((problem) => this.fail(problem))
      .then(() => {
        desk.pending--
      })
  }

  #settle(answer: Answer): void {
    if (this.answered) return
    if (answer !== STREAMED) this.reply(answer)
    else if (this.#stream === undefined) throw new Error('An era said that it streamed, and never opened a stream')
  }

  /** Answers a request that was read to its end. */
  reply(reply: Reply): void {
    if (this.answered) return
    this.done()
    respond(this, reply)
  }

  /** Answers a request whose body may still be on its way. */
  turnAway(reply: Reply): void {
    if (this.answered) return
    this.done()
    respondUnread(this, reply)
  }

  /** Answers a failure of this side. Never throws. */
  fail(problem: unknown): void {
    this.desk.site.report(toError(problem), { during: 'an HTTP request' })
    this.done()
    if (this.response.headersSent) this.request.socket.destroy()
    else respondUnread(this, FAILED)
  }

  /** The client is gone, or cut off. */
  leave(): void {
    if (this.answered) return
    this.#left = true
    const listeners = this.#gone
    this.done()
    this.#stream?.abandon()
    if (listeners !== undefined) tellAll(listeners, this.desk.site.report)
  }

  /** Nothing more comes of this exchange: lets go of whatever holds it. */
  done(): void {
    this.answered = true
    this.#gone = undefined
    if (this.readingSince >= 0) this.desk.endReading(this)
    if (!this.#live) return
    this.#live = false
    this.desk.laneOf(this.request.socket).exit(this)
  }

  /** From here on the end of the connection concerns this exchange. */
  #enterLane(): void {
    if (this.#live || this.answered) return
    this.#live = true
    this.desk.laneOf(this.request.socket).enter(this)
  }
}
