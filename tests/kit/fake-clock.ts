import { setImmediate as turn } from 'node:timers/promises'
import { vi } from 'vitest'

/** Puts a clock of the test in place of timers and of the clock that never jumps; sockets go on as they are. */
export function useFakeClock(): void {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance', 'Date'] })
}

/** Real time for each step, in nanoseconds: what is on its way over sockets arrives before much fake time has passed. */
const REAL_PER_STEP = 500_000n

/** Lets the fake clock run, and the real sockets with it, until something holds. Returns the milliseconds that it took. */
export async function runUntil(holds: () => boolean, step = 50, most = 200_000): Promise<number> {
  const begun = performance.now()
  while (!holds()) {
    const end = process.hrtime.bigint() + REAL_PER_STEP
    while (!holds() && process.hrtime.bigint() < end) await turn()
    if (holds()) break
    if (performance.now() - begun > most) throw new Error(`Nothing happened within ${most} ms`)
    await vi.advanceTimersByTimeAsync(step)
  }
  return performance.now() - begun
}

/** Lets the fake clock run until a promise is settled, and gives what it is settled with. */
export async function settled<T>(work: Promise<T>): Promise<T> {
  let isSettled = false
  const settle = (): void => {
    isSettled = true
  }
  work.then(settle, settle)
  await runUntil(() => isSettled)
  return work
}
