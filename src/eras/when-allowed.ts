import type { Application, Change } from '../engine/application.ts'
import { backstageOf } from '../engine/backstage.ts'
import type { Awaitable } from '../engine/call.ts'
import type { Context } from '../engine/context.ts'

/** Whether the caller who asked to hear of changes may hear of this one: what they see may have changed since they began. */
export function mayHear(change: Change, application: Application, context: Context): Awaitable<boolean> {
  if (change.isFor?.(backstageOf(context).origin) === false) return false
  return change.kind !== 'contents' || application.canRead(change.uri, context)
}

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
