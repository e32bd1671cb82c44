import type { ClientCapabilities } from '../../protocol/capabilities.ts'
import { McpError } from '../../protocol/errors.ts'
import type { Session } from './session.ts'

/** Sessions with one server elsewhere: one per caller and what their client can do, opened when first needed. */
export interface Pool {
  /** The session for a key; opened once, however many wait for it. */
  take(key: string, open: () => Promise<Session>): Promise<Session>
  close(): Promise<void>
}

interface Kept {
  readonly opening: Promise<Session>
  session: Session | undefined
  usedAt: number
}

/** Times in milliseconds. */
export interface PoolOptions {
  readonly mostSessions: number
  /** How long a session is kept warm without a call. */
  readonly idleMs: number
}

/** After a failure nobody tries again for so long: twice as long each time, with a part left to chance. */
const FIRST_PAUSE_MS = 200
const LONGEST_PAUSE_MS = 30_000

/** Makes an empty pool. */
export function createPool({ mostSessions, idleMs }: PoolOptions): Pool {
  const kept = new Map<string, Kept>()
  const failures = new Map<string, { count: number; until: number; problem: unknown }>()
  let sweeper: ReturnType<typeof setInterval> | undefined
  let isClosed = false

  const drop = async (key: string, entry: Kept): Promise<void> => {
    if (kept.get(key) === entry) kept.delete(key)
    if (kept.size === 0) {
      clearInterval(sweeper)
      sweeper = undefined
    }
    await entry.session?.client.close().catch(() => undefined)
  }
  const sweep = (): void => {
    const now = performance.now()
    for (const [key, entry] of kept) {
      if (entry.session !== undefined && !entry.session.isBusy && now - entry.usedAt > idleMs) void drop(key, entry)
    }
  }
  const makeRoom = (): void => {
    if (kept.size < mostSessions) return
    for (const [key, entry] of kept) {
      if (entry.session === undefined || entry.session.isBusy) continue
      void drop(key, entry)
      return
    }
    throw new McpError('OVERLOADED', `${mostSessions} callers use the server behind this one already`)
  }
  const failed = (key: string, problem: unknown): void => {
    const count = (failures.get(key)?.count ?? 0) + 1
    const pause = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (count - 1))
    failures.delete(key)
    failures.set(key, { count, problem, until: performance.now() + pause * (0.5 + Math.random() / 2) })
    for (const oldest of failures.keys()) {
      if (failures.size <= mostSessions) break
      failures.delete(oldest)
    }
  }
  const begin = (key: string, open: () => Promise<Session>): Kept => {
    makeRoom()
    const opening = open()
    const entry: Kept = { opening, session: undefined, usedAt: performance.now() }
    kept.set(key, entry)
    sweeper ??= startSweeper(sweep, idleMs)
    opening.then(
      (session) => {
        entry.session = session
        failures.delete(key)
        if (isClosed) void drop(key, entry)
        // A connection that ends, whoever ended it, is opened anew for the next call.
        void session.client.closed.then(() => drop(key, entry))
      },
      (problem) => {
        failed(key, problem)
        void drop(key, entry)
      },
    )
    return entry
  }

  return {
    async take(key, open) {
      if (isClosed) throw new McpError('OVERLOADED', 'The proxy is closed')
      const failure = failures.get(key)
      if (failure !== undefined && performance.now() < failure.until) throw failure.problem
      const entry = kept.get(key) ?? begin(key, open)
      entry.usedAt = performance.now()
      // The one used last is the last to make room.
      kept.delete(key)
      kept.set(key, entry)
      return entry.session ?? entry.opening
    },
    async close() {
      isClosed = true
      await Promise.all([...kept].map(([key, entry]) => drop(key, entry)))
    },
  }
}

function startSweeper(sweep: () => void, idleMs: number): ReturnType<typeof setInterval> {
  const timer = setInterval(sweep, Math.max(1_000, idleMs / 2))
  timer.unref?.()
  return timer
}

/** What of the caller's abilities makes a difference to a session. */
export function abilitiesKey({ elicitation, sampling, roots }: ClientCapabilities): string {
  return JSON.stringify([
    elicitation === undefined ? 0 : [elicitation.form !== undefined, elicitation.url !== undefined],
    sampling === undefined ? 0 : sampling.tools !== undefined,
    roots !== undefined,
  ])
}
