import { ERROR_CODES, type McpError } from '../../protocol/errors.ts'
import { acceptanceOf } from '../accept.ts'
import { type Answer, type Exchange, type Reply, STREAMED } from '../exchange.ts'
import type { Announcements } from './announcements.ts'
import { Connection } from './connection.ts'
import type { EventStore } from './events.ts'
import { invalidRequest, refuse } from './failures.ts'
import type { Ear, Session } from './session.ts'
import type { SessionStream } from './stream.ts'
import type { StreamPosition } from './streams.ts'

/** What a listening session needs besides its connection. */
export interface Ground {
  readonly announcements: Announcements
  readonly events: EventStore
  readonly keepAliveMs: number
  /** Why a session may not begin to listen; undefined where it may. */
  refusalToListen(session: Session): McpError | undefined
}

/**
 * Answers a GET: opens the way for what belongs to no request, or with `Last-Event-ID` goes on with a stream whose
 * connection ended, whichever that was (2025-11-25 basic/transports, Listening for Messages).
 */
export function answerListening(ground: Ground, exchange: Exchange, session: Session): Answer {
  if (!acceptanceOf(exchange.header('accept')).stream) return NOT_ACCEPTABLE
  const streams = session.streamsIn(ground.events)
  const eventId = exchange.header('last-event-id') ?? ''
  if (eventId !== '') {
    const position = streams.find(eventId)
    if (position === undefined) return UNKNOWN_EVENT
    if (position.stream !== streams.standing) return resume(ground, exchange, position)
    return listen(ground, exchange, { session, ...position })
  }
  if (session.listening) return SECOND_STREAM
  return listen(ground, exchange, { session, stream: streams.standing, number: undefined })
}

const NOT_ACCEPTABLE: Reply = Object.freeze(
  refuse(406, invalidRequest('The Accept header must allow text/event-stream')),
)
const SECOND_STREAM: Reply = Object.freeze(refuse(409, invalidRequest('This session has a stream already')))
/** The same words whether it was another's, is gone, or never was. Not 404: that would say that the session is gone. */
const UNKNOWN_EVENT: Reply = Object.freeze(
  refuse(400, invalidRequest('Nothing can be resumed from this Last-Event-ID. Listen without it, or ask again')),
)
/** Tells a client that polls to stop (HTML Living Standard, 9.2.3). */
const OVER: Reply = Object.freeze({ status: 204 })

/** Goes on with the stream of a request. */
function resume(ground: Ground, exchange: Exchange, { stream, number }: StreamPosition): Answer {
  if (stream.isOver(number)) return OVER
  return carry(ground, exchange, { stream, number, onLost: (lost) => stream.disconnect(lost) })
}

interface Listener extends Omit<Carried, 'onLost'> {
  readonly session: Session
}

function listen(ground: Ground, exchange: Exchange, { session, stream, number }: Listener): Answer {
  const full = session.listening ? undefined : ground.refusalToListen(session)
  if (full !== undefined) return refuse(ERROR_CODES[full.code].http, full)
  const onLost = (lost: Connection): void => {
    stream.disconnect(lost)
    if (!stream.isConnected) session.rest(stream.isResumable)
  }
  session.listen(new StandingEar(session, stream, { way: exchange, announcements: ground.announcements }))
  ground.announcements.join(session)
  return carry(ground, exchange, { stream, number, onLost })
}

interface Carried {
  readonly stream: SessionStream
  /** The last event that the client has got; undefined: it wants only what comes from now on. */
  readonly number: number | undefined
  readonly onLost: (lost: Connection) => void
}

function carry({ keepAliveMs }: Ground, exchange: Exchange, { stream, number, onLost }: Carried): Answer {
  const connection = new Connection(exchange, { keepAliveMs, onLost })
  stream.connect(connection, number)
  exchange.onGone(() => connection.lose())
  return STREAMED
}

interface Opened extends Pick<Ear, 'way'> {
  readonly announcements: Announcements
}

/** Hears for a session even between two connections, once its client knows where to come back to. */
class StandingEar implements Ear {
  readonly way: Ear['way']
  readonly #session: Session
  readonly #stream: SessionStream
  readonly #announcements: Announcements

  constructor(session: Session, stream: SessionStream, { way, announcements }: Opened) {
    this.way = way
    this.#session = session
    this.#stream = stream
    this.#announcements = announcements
  }

  get isOpen(): boolean {
    return this.#stream.isConnected
  }

  send(text: string): boolean {
    return this.#stream.send(text)
  }

  close(): void {
    this.#announcements.leave(this.#session)
    this.#stream.release()
  }
}
