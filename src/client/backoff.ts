const LEAST_MS = 200
const MOST_MS = 30_000

/**
 * How long to wait before trying again, in milliseconds: 0.2 to 0.4 s first, then twice that each
 * time, up to 30 s. Random within its range, so that the clients of a server that restarted do
 * not come back all at once.
 */
export function backoff(attempt: number, random: () => number = Math.random): number {
  const most = Math.min(MOST_MS, 2 * LEAST_MS * 2 ** Math.min(attempt, 30))
  return most / 2 + (random() * most) / 2
}

/** Waits; false if the signal ended it early. */
export function pause(ms: number, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    const finish = (): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', finish)
      resolve(!signal.aborted)
    }
    const timer = setTimeout(finish, ms)
    if (signal.aborted) finish()
    else signal.addEventListener('abort', finish, { once: true })
  })
}
