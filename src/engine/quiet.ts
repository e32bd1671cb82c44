/** The same promise, whose failure must not end the process when nobody waits for it any more. */
export function quiet<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined)
  return promise
}
