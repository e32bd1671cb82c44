import { rmdirSync, statSync } from 'node:fs'

/**
 * Makes a watch over a lock that is a folder, to be called whenever the lock is in the way. A lock that was the same one
 * for `abandonedAfterMs` was left behind by a process that died, for it is never held for so long, and is taken away.
 */
export function createLockWatch(path: string, abandonedAfterMs: number): () => void {
  let seen = ''
  let since = 0
  return () => {
    const lock = identityOf(path)
    if (lock === undefined || lock !== seen) {
      seen = lock ?? ''
      since = performance.now()
    } else if (performance.now() - since >= abandonedAfterMs) remove(path)
  }
}

/** One folder, and not another one later in its place. */
function identityOf(path: string): string | undefined {
  const stats = statSync(path, { throwIfNoEntry: false, bigint: true })
  return stats && `${stats.ino}:${stats.ctimeNs}`
}

function remove(path: string): void {
  try {
    rmdirSync(path)
  } catch {
    // Somebody else was faster.
  }
}
