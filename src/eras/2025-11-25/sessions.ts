import { McpError } from '../../protocol/errors.ts'
import type { EraOptions } from '../era.ts'
import { later } from '../timer.ts'
import { ID_LENGTH } from './ids.ts'
import type { Session } from './session.ts'

/** How long requests in flight may go on after `close`. */
const DRAIN_MS = 10_000
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
    if (own !== undefined && own.size >= this.#limits.perPrincipal) {
      this.#makeRoom(inOrderOfUse(own), new McpError('RATE_LIMITED', 'Too many sessions of this caller are in use'))
    }
    if (this.#byId.size >= this.#limits.most) {
      this.#makeRoom(this.#byId.values(), new McpError('OVERLOADED', 'Too many sessions are in use; try again later'))
    }
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
    this.#forget(session)
    session.close(reason)
  }

  /** Forgets all sessions and closes their streams. Requests in flight may finish, but not for long. */
  close(): void {
    const all = [...this.#byId.values()]
    for (const session of all) {
      this.#forget(session)
      session.deafen()
    }
    const working = all.filter((session) => session.busy)
    if (working.length > 0) later(() => endAll(working), DRAIN_MS)
  }

  #forget(session: Session): void {
    this.#byId.delete(session.id)
    this.#leave(session)
    if (this.#byId.size > 0) return
    clearTimeout(this.#timer)
    this.#timer = undefined
  }

  #makeRoom(candidates: Iterable<Session>, full: McpError): void {
    for (const session of candidates) {
      if (session.busy || session.listening) continue
      this.remove(session, ENDED)
      return
    }
    throw full
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

function inOrderOfUse(sessions: ReadonlySet<Session>): Session[] {
  return [...sessions].sort((a, b) => a.seenAt - b.seenAt)
}

function endAll(sessions: readonly Session[]): void {
  const reason = new McpError('CANCELLED', 'The server is shutting down')
  for (const session of sessions) session.close(reason)
}
