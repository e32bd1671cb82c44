import { AwayError } from '../away.ts'
import type { Session } from './session.ts'

/** Sessions with one server elsewhere: one per caller and what their client can do, opened when first needed. */
export interface Pool {
  /** The session for a key, if it is open. */
  get(key: string): Session | undefined
  /** The session for a key; opened once, however many wait for it. */
  take(key: string, open: () => Promise<Session>): Promise<Session>
  /** Gives a session another key, if it is free. */
  rename(key: string, other: string): void
  /** Closes all sessions; none is opened any more until `reopen`. */
  close(): Promise<void>
  reopen(): void
}

/** Times in milliseconds. */
export interface PoolOptions {
  readonly mostSessions: number
  /** How long a session is kept warm without a call. */
  readonly idleMs: number
  /** What to tell whoever wants a session that cannot be opened. */
  told(problem: unknown): unknown
}

interface Kept {
  key: string
  readonly opening: Promise<Session>
  session: Session | undefined
  usedAt: number
}

interface Failure {
  readonly count: number
  readonly until: number
  readonly problem: unknown
}

/** After a failure nobody tries again for so long: twice as long each time, with a part left to chance. */
const FIRST_PAUSE_MS = 200
const LONGEST_PAUSE_MS = 30_000
/** A session that ends sooner than this was none. */
const STEADY_MS = 1_000

/** How long to wait after so many failures in a row: 0.2 to 30 s, the half of it by chance. */
export function pauseAfter(count: number): number {
  const pause = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(count, 16))
  return Math.max(FIRST_PAUSE_MS, pause * (0.5 + Math.random() / 2))
}

/** Makes an empty pool. */
export function createPool({ mostSessions, idleMs, told }: PoolOptions): Pool {
  const kept = new Map<string, Kept>()
  const failures = new Map<string, Failure>()
  let sweeper: ReturnType<typeof setInterval> | undefined
  let isClosed = false

  const isKept = (entry: Kept): boolean => kept.get(entry.key) === entry
  const drop = async (entry: Kept): Promise<void> => {
    if (isKept(entry)) kept.delete(entry.key)
    if (kept.size === 0) {
      clearInterval(sweeper)
      sweeper = undefined
    }
    await entry.session?.client.close().catch(() => undefined)
  }
  const sweep = (): void => {
    const now = performance.now()
    for (const entry of kept.values()) {
      if (entry.session?.isBusy === true) entry.usedAt = now
      if (entry.session !== undefined && now - entry.usedAt > idleMs) void drop(entry)
    }
  }
  const makeRoom = (): void => {
    if (kept.size < mostSessions) return
    let oldest: Kept | undefined
    for (const entry of kept.values()) {
      if (entry.session === undefined || entry.session.isBusy) continue
      if (oldest === undefined || entry.usedAt < oldest.usedAt) oldest = entry
    }
    if (oldest === undefined)
      throw new AwayError(`${mostSessions} connections to the server behind this one are in use already`)
    void drop(oldest)
  }
  const failed = (key: string, problem: unknown): void => {
    const count = (failures.get(key)?.count ?? 0) + 1
    failures.delete(key)
    failures.set(key, { count, problem, until: performance.now() + pauseAfter(count - 1) })
    for (const oldest of failures.keys()) {
      if (failures.size <= mostSessions) break
      failures.delete(oldest)
    }
  }
  const begin = (key: string, open: () => Promise<Session>): Kept => {
    makeRoom()
    const begun = performance.now()
    const opening = open().catch((problem: unknown) => {
      throw told(problem)
    })
    const entry: Kept = { key, opening, session: undefined, usedAt: begun }
    kept.set(key, entry)
    sweeper ??= startSweeper(sweep, idleMs)
    opening.then(
      (session) => {
        entry.session = session
        if (isClosed) void drop(entry)
        // A connection that ends, whoever ended it, is opened anew for the next call.
        void session.client.closed.then(() => {
          const isSteady = performance.now() - begun > STEADY_MS
          if (isSteady || !isKept(entry)) failures.delete(entry.key)
          else failed(entry.key, new AwayError('The server behind this one has ended the connection at once'))
          return drop(entry)
        })
      },
      (problem: unknown) => {
        failed(key, problem)
        void drop(entry)
      },
    )
    return entry
  }

  return {
    get(key) {
      const entry = kept.get(key)
      if (entry?.session === undefined) return undefined
      entry.usedAt = performance.now()
      return entry.session
    },
    async take(key, open) {
      if (isClosed) throw new AwayError('The proxy is closed')
      const known = kept.get(key)
      if (known === undefined) {
        const failure = failures.get(key)
        if (failure !== undefined && performance.now() < failure.until) throw failure.problem
      }
      const entry = known ?? begin(key, open)
      entry.usedAt = performance.now()
      return entry.session ?? entry.opening
    },
    rename(key, other) {
      const entry = kept.get(key)
      if (entry === undefined || kept.has(other)) return
      kept.delete(key)
      kept.set(other, entry)
      entry.key = other
    },
    reopen() {
      isClosed = false
    },
    async close() {
      isClosed = true
      await Promise.all([...kept.values()].map(drop))
    },
  }
}

function startSweeper(sweep: () => void, idleMs: number): ReturnType<typeof setInterval> {
  const timer = setInterval(sweep, Math.max(1_000, idleMs / 2))
  timer.unref?.()
  return timer
}
