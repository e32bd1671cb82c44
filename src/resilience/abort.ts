import type { Awaitable } from '../schema/awaitable.ts'

/** The outcome of work, or the reason of the signal if that comes first: not all work listens to signals. */
export async function unlessAborted<T>(work: () => Awaitable<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted()
  let onAbort = (): void => undefined
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(signal.reason)
    signal.addEventListener('abort', onAbort, { once: true })
  })
  try {
    return await Promise.race([work(), aborted])
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}

/** Waits, on the clock that never jumps. Rejects with the reason of the signal when that comes first. */
export function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const passed = (): Promise<void> =>
    new Promise((resolve) => {
      timer = setTimeout(resolve, ms)
    })
  return signal === undefined ? passed() : unlessAborted(passed, signal).finally(() => clearTimeout(timer))
}
