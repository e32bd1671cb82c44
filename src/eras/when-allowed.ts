import type { Awaitable } from '../engine/call.ts'

/** Does something now or later if it is allowed; whoever cannot find out does not allow it. */
export function whenAllowed(isAllowed: () => Awaitable<boolean>, work: () => void): void {
  try {
    const allowed = isAllowed()
    if (!(allowed instanceof Promise)) return allowed ? work() : undefined
    allowed.then((so) => (so ? work() : undefined)).catch(() => undefined)
  } catch {
    // Not allowed.
  }
}
