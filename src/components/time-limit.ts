import { backstageOf } from '../engine/backstage.ts'
import type { Context } from '../engine/context.ts'
import { DefinitionError, McpError } from '../protocol/errors.ts'

/** Milliseconds a handler may take unless its component says otherwise. */
export const DEFAULT_TIMEOUT = 60_000
const LONGEST_TIMEOUT = 30 * 60_000

/** Throws unless `timeout` is a number of milliseconds that can be kept. Returns it, or the default. */
export function checkTimeout(label: string, timeout: number = DEFAULT_TIMEOUT): number {
  if (Number.isFinite(timeout) && timeout > 0 && timeout <= LONGEST_TIMEOUT) return timeout
  throw new DefinitionError(
    label,
    `timeout is ${String(timeout)}; give milliseconds, more than 0 and at most ${LONGEST_TIMEOUT} (30 minutes)`,
  )
}

/** What is limited: for how long, and how the message names it. */
export interface TimeLimit {
  readonly label: string
  readonly timeout: number
}

/**
 * Settles as `work` does, or rejects with `TIMEOUT` and cancels `context` when the time is over. Time
 * spent waiting for the client does not count. The work itself goes on unless it watches `ctx.signal`.
 */
export function limitTime<T>(work: PromiseLike<T>, context: Context, limit: TimeLimit): Promise<T> {
  return new Promise((resolve, reject) => {
    let timer = later(giveUp, limit.timeout)
    const backstage = backstageOf(context)
    let excused = backstage.asked?.waited ?? 0
    function giveUp(): void {
      const waited = (backstage.asked?.waited ?? 0) - excused
      if (waited > 0) {
        excused += waited
        timer = later(giveUp, Math.ceil(waited))
        return
      }
      const reason = new McpError('TIMEOUT', `${limit.label} did not finish within ${limit.timeout} ms`)
      if (!backstage.isHeeded) backstage.origin.application.watch?.outlived(limit.label, limit.timeout)
      backstage.cancel(reason, work)
      reject(reason)
    }
    // Not on the work itself: a thenable of somebody else may throw, and the timer must go.
    Promise.resolve(work).then(
      (value) => {
        clearTimeout(timer)
        resolve(value)
      },
      (problem) => {
        clearTimeout(timer)
        reject(problem)
      },
    )
  })
}

/** Node and Bun give timers as objects that can stop holding the process open; elsewhere they are numbers. */
function later(work: () => void, ms: number): ReturnType<typeof setTimeout> {
  const timer: unknown = setTimeout(work, ms)
  if (typeof timer === 'object' && timer !== null && 'unref' in timer && typeof timer.unref === 'function')
    timer.unref()
  return timer as ReturnType<typeof setTimeout> // which it is, whatever the runtime
}
