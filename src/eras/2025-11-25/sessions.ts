import { later } from '../../engine/timer.ts'
import { McpError } from '../../protocol/errors.ts'
import type { EraOptions } from '../era.ts'
import { ID_LENGTH } from './ids.ts'
import type { Session } from './session.ts'

/** Why requests end that are in flight when the server closes; unlike other cancelled ones they are told. */
export const SHUTTING_DOWN: McpError = new McpError('OVERLOADED', 'The server is shutting down')

const MOST_BETWEEN_SWEEPS_MS = 60_000

/** Tells operators that a session id was used by somebody else than its owner. */
export type OnForeign = (session: Session, principal: string) => void

/**
 * The sessions of a server. Bounded in number: when it is full, the session that rested longest makes
 * room; one that works or listens is never taken. Callers without a name are not one principal,
 * so for them only the bound of all sessions counts.
 */
export class Sessions {
  readonly #limits: EraOptions['sessions']
  readonly #onForeign: OnForeign
  /** Least recently used first. */
  readonly #byId = new Map<string, Session>()
  readonly #byPrincipal = new Map<string, Set<Session>>()
  /** Where the search for a session to give up stands; from the start it would pass every gap again. */
  #hand: Iterator<Session> = this.#byId.values()
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(limits: EraOptions['sessions'], onForeign: OnForeign) {
    this.#limits = limits
    this.#onForeign = onForeign
  }

  get size(): number {
    return this.#byId.size
  }

  /** Keeps a session from now on. Throws `RATE_LIMITED` or `OVERLOADED` when there is no room. */
  add(session: Session): void {
    const own = this.#byPrincipal.get(session.principal)
    if (own !== undefined && own.size >= this.#limits.perPrincipal) this.#giveUp(restedLongest(own), TOO_MANY_OF_ONE)
    if (this.#byId.size >= this.#limits.most) this.#giveUp(this.#nextResting(), TOO_MANY)
    this.#byId.set(session.id, session)
    this.#enter(session)
    this.#sweepLater()
  }

  /** The session of this id, if it lives and is the caller's. Finding it counts as use. */
  find(id: string, principal: string): Session | undefined {
    const session = id.length === ID_LENGTH ? this.#byId.get(id) : undefined
    if (session === undefined) return undefined
    if (session.principal !== principal) {
      this.#onForeign(session, principal)
      return undefined
    }
    const now = performance.now()
    if (this.#isOver(session, now)) {
      this.remove(session, ENDED)
      return undefined
    }
    session.seenAt = now
    this.#byId.delete(id)
    this.#byId.set(id, session)
    return session
  }

  /** Forgets a session and ends what it holds. */
  remove(session: Session, reason: Error): void {
    this.#byId.delete(session.id)
    this.#leave(session)
    session.close(reason)
    if (this.#byId.size > 0) return
    clearTimeout(this.#timer)
    this.#timer = undefined
  }

  /**
   * Why a session that does not listen may not begin to; undefined where it may. As for sessions, callers without a
   * name share the bound of all alone.
   */
  refusalToListen({ principal }: Session, { most, perPrincipal }: EraOptions['listens']): McpError | undefined {
    const own = this.#byPrincipal.get(principal)
    if (own !== undefined && own.size > perPrincipal && count(own, isListening) >= perPrincipal) {
      return new McpError('RATE_LIMITED', `At most ${perPrincipal} streams of one caller may be open at once`)
    }
    const isFull = this.#byId.size > most && count(this.#byId.values(), isListening) >= most
    return isFull ? new McpError('OVERLOADED', 'Too many streams are open on this server. Try again later') : undefined
  }

  /** Ends all sessions: their streams close, and what is in flight is cancelled. */
  close(): void {
    for (const session of [...this.#byId.values()]) this.remove(session, SHUTTING_DOWN)
  }

  #giveUp(session: Session | undefined, full: () => McpError): void {
    if (session === undefined) throw full()
    this.remove(session, ENDED)
  }

  /** Goes once around, in order of use. */
  #nextResting(): Session | undefined {
    for (let looked = 0; looked <= this.#byId.size; looked++) {
      const { done, value } = this.#hand.next()
      if (done) this.#hand = this.#byId.values()
      else if (isResting(value)) return value
    }
    return undefined
  }

  #enter(session: Session): void {
    if (session.principal === '') return
    const own = this.#byPrincipal.get(session.principal)
    if (own === undefined) this.#byPrincipal.set(session.principal, new Set([session]))
    else own.add(session)
  }

  #leave(session: Session): void {
    const own = this.#byPrincipal.get(session.principal)
    own?.delete(session)
    if (own?.size === 0) this.#byPrincipal.delete(session.principal)
  }

  #sweepLater(): void {
    this.#timer ??= later(() => this.#sweep(), Math.min(this.#limits.idleMs, MOST_BETWEEN_SWEEPS_MS))
  }

  #sweep(): void {
    this.#timer = undefined
    const now = performance.now()
    for (const session of [...this.#byId.values()]) {
      if (this.#isOver(session, now)) this.remove(session, ENDED)
    }
    if (this.#byId.size > 0) this.#sweepLater()
  }

  /** A request in flight keeps its session alive, an open stream keeps it from being idle. */
  #isOver(session: Session, now: number): boolean {
    if (session.busy) return false
    if (now - session.createdAt > this.#limits.maxAgeMs) return true
    return !session.listening && now - session.seenAt > this.#limits.idleMs
  }
}

const ENDED = new McpError('CANCELLED', 'The session has ended')

const TOO_MANY_OF_ONE = (): McpError => new McpError('RATE_LIMITED', 'Too many sessions of this caller are in use')
const TOO_MANY = (): McpError => new McpError('OVERLOADED', 'Too many sessions are in use; try again later')

function isListening(session: Session): boolean {
  return session.listening
}

function count(sessions: Iterable<Session>, is: (session: Session) => boolean): number {
  let found = 0
  for (const session of sessions) if (is(session)) found++
  return found
}

function isResting(session: Session): boolean {
  return !session.busy && !session.listening
}

function restedLongest(sessions: ReadonlySet<Session>): Session | undefined {
  let found: Session | undefined
  for (const session of sessions) {
    if (isResting(session) && (found === undefined || session.seenAt < found.seenAt)) found = session
  }
  return found
}
