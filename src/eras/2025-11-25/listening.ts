import type { Auth } from '../../engine/auth.ts'
import { frame, KEEP_ALIVE } from '../../protocol/sse.ts'
import { acceptanceOf } from '../accept.ts'
import { type Answer, type EventStream, type Exchange, type Reply, STREAMED } from '../exchange.ts'
import { every } from '../timer.ts'
import type { Announcements } from './announcements.ts'
import { invalidRequest, refuse } from './failures.ts'
import type { Ear, Session } from './session.ts'

/** What a listening session needs besides its stream. */
export interface Ground {
  readonly announcements: Announcements
  readonly keepAliveMs: number
}

/** Answers a GET: opens the way for what belongs to no request (2025-11-25 basic/transports, Listening for Messages). */
export function answerListening(ground: Ground, exchange: Exchange, session: Session): Answer {
  if (!acceptanceOf(exchange.header('accept')).stream) return NOT_ACCEPTABLE
  if (session.listening) return SECOND_STREAM
  const ear = new StreamEar(exchange, session, ground)
  session.listen(ear)
  ground.announcements.join(session)
  exchange.onGone(() => session.deafen(ear))
  return STREAMED
}

const NOT_ACCEPTABLE: Reply = Object.freeze(
  refuse(406, invalidRequest('The Accept header must allow text/event-stream')),
)
const SECOND_STREAM: Reply = Object.freeze(refuse(409, invalidRequest('This session has a stream already')))

/** Every message passes here on its way to a GET stream, so an event id can be given to it here. */
class StreamEar implements Ear {
  readonly #stream: EventStream
  readonly #session: Session
  readonly #announcements: Announcements
  readonly #auth: Auth | undefined
  readonly #heartbeat: ReturnType<typeof setInterval>

  constructor(exchange: Exchange, session: Session, ground: Ground) {
    this.#stream = exchange.open()
    this.#auth = exchange.auth
    this.#session = session
    this.#announcements = ground.announcements
    this.#heartbeat = every(() => this.#beat(), ground.keepAliveMs)
    this.#stream.send(KEEP_ALIVE)
  }

  send(text: string): boolean {
    return !this.#isExpired && this.#stream.send(frame(text))
  }

  close(): void {
    clearInterval(this.#heartbeat)
    this.#announcements.leave(this.#session)
    this.#stream.close()
  }

  #beat(): void {
    if (this.#isExpired || !this.#stream.send(KEEP_ALIVE)) this.#session.deafen(this)
  }

  /** A proof of identity that has run out opens nothing any more. */
  get #isExpired(): boolean {
    const expiresAt = this.#auth?.expiresAt
    return expiresAt !== undefined && Date.now() >= expiresAt * 1000
  }
}
