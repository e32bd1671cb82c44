import { type Storage, StorageError } from '../storage/storage.ts'

const FIRST_LOOK_MS = 25
const LAST_LOOK_MS = 500

/**
 * Does work that only one of all replicas may do at a time. Who holds the lock longer than `ttlMs` is taken to be gone:
 * give more than the work can take. Rejects with `StorageError` where no lock is to be had.
 */
export async function withLock<T>(
  { storage, key, ttlMs }: { readonly storage: Storage; readonly key: string; readonly ttlMs: number },
  work: () => Promise<T>,
): Promise<T> {
  const me = crypto.randomUUID()
  const end = performance.now() + 2 * ttlMs
  for (let wait = FIRST_LOOK_MS; !(await take(storage, key, { me, ttlMs })); wait = Math.min(wait * 2, LAST_LOOK_MS)) {
    if (performance.now() > end) throw new StorageError('UNAVAILABLE', 'A lock in it never ends')
    await new Promise((resolve) => setTimeout(resolve, wait))
  }
  try {
    return await work()
  } finally {
    // If this fails, the lock ends by itself.
    await storage.update(key, (holder) => (holder === me ? undefined : holder)).catch(() => undefined)
  }
}

async function take(
  storage: Storage,
  key: string,
  { me, ttlMs }: { readonly me: string; readonly ttlMs: number },
): Promise<boolean> {
  // An update would give the holder more time, so it is tried only where there seems to be none.
  if ((await storage.get(key)) !== undefined) return false
  return (await storage.update(key, (holder) => holder ?? me, { ttlMs })) === me
}
