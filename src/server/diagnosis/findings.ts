import { FastMCPError } from '../../protocol/errors.ts'
import type { Report } from '../mask.ts'

/** What kept everybody waiting, by how it is called. */
export interface BlockFigures {
  readonly component: string
  readonly times: number
  readonly longestMs: number
}

/** What was found out about the functions of a server while they ran. */
export interface Diagnosis {
  /** Those that blocked the event loop, the longest first. */
  readonly blocked: readonly BlockFigures[]
  /** Those that went on after their time was over, for they never looked at `ctx.signal`. */
  readonly outlived: readonly { readonly component: string; readonly times: number }[]
}

/** Most components that are counted one by one, and most reports in a minute: what holds a server up may do so often. */
const MOST = { components: 100, reports: 20 }
const MINUTE_MS = 60_000

/** Counts what is found, and tells of it. */
export class Findings {
  readonly #report: Report
  readonly #blocked = new Map<string, { times: number; longestMs: number }>()
  readonly #outlived = new Map<string, { times: number }>()
  #minute = Number.NEGATIVE_INFINITY
  #reported = 0

  constructor(report: Report) {
    this.#report = report
  }

  get figures(): Diagnosis {
    const blocked = [...this.#blocked].map(([component, { times, longestMs }]) => ({ component, times, longestMs }))
    return {
      blocked: blocked.sort((a, b) => b.longestMs - a.longestMs),
      outlived: [...this.#outlived].map(([component, { times }]) => ({ component, times })),
    }
  }

  blocked(component: string, ms: number): void {
    const durationMs = Math.round(ms)
    const entry = entryOf(this.#blocked, component, () => ({ times: 0, longestMs: 0 }))
    entry.times++
    entry.longestMs = Math.max(entry.longestMs, durationMs)
    const advice = 'Nothing else was served meanwhile: do the work in parts with a wait between them, or in a worker'
    const words = `${component} blocked the event loop for ${durationMs} ms. ${advice}`
    this.#tell('LOOP_BLOCKED', words, { component, durationMs })
  }

  outlived(component: string, timeoutMs: number): void {
    entryOf(this.#outlived, component, () => ({ times: 0 })).times++
    const advice = 'Its work goes on though nobody waits: pass ctx.signal to what it waits for'
    const words = `${component} was not done within ${timeoutMs} ms, and never looked at ctx.signal. ${advice}`
    this.#tell('SIGNAL_IGNORED', words, { component, timeoutMs })
  }

  /** Later, and not from where it was found: that may be a place where nothing may throw, or begin. */
  #tell(code: string, words: string, facts: Readonly<Record<string, unknown>>): void {
    const now = performance.now()
    if (now - this.#minute >= MINUTE_MS) {
      this.#minute = now
      this.#reported = 0
    }
    if (++this.#reported > MOST.reports) return
    queueMicrotask(() => {
      const problem = new FastMCPError(code, words)
      // Where it was found out says nothing about where it comes from.
      problem.stack = words
      this.#report(problem, { during: 'diagnosis', ...facts })
    })
  }
}

function entryOf<T>(entries: Map<string, T>, component: string, create: () => T): T {
  const known = entries.get(component)
  if (known !== undefined) return known
  const entry = create()
  if (entries.size < MOST.components) entries.set(component, entry)
  return entry
}
