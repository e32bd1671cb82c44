import type { Awaitable } from '../engine/call.ts'

/** Does something, now or later, if it is allowed. Where that cannot be found out it is not. */
export function whenAllowed(isAllowed: () => Awaitable<boolean>, work: () => unknown): void {
  const proceed = (allowed: boolean): void => {
    if (allowed) work()
  }
  try {
    const allowed = isAllowed()
    if (allowed instanceof Promise) allowed.then(proceed).catch(() => undefined)
    else proceed(allowed)
  } catch {
    // Nobody is told.
  }
}
