import { type Auth, principalOf } from '../engine/auth.ts'
import type { Kept } from '../engine/kept.ts'
import { ToolError } from '../protocol/errors.ts'
import { createCompartment } from '../storage/compartment.ts'
import { digestKey } from '../storage/digest-key.ts'
import { createMemoryStorage } from '../storage/memory.ts'
import { createOwnPart, withoutOwnParts } from '../storage/parts.ts'
import { checkNumber } from '../storage/setting.ts'
import type { Storage } from '../storage/storage.ts'

/** What a server keeps for each of its callers, in `ctx.userState`. */
export interface UserStateOptions {
  /** Most keys of one caller; default 256. */
  readonly maxKeys?: number
  /** Of the keys and values of one caller together, in bytes of JSON; default 64 KiB, at most 256 KiB. */
  readonly maxBytes?: number
  /** How long it is kept after it was last written, in milliseconds; default: for good. */
  readonly ttlMs?: number
  /** Whose callers these are, in a storage that different servers share; default: the name of the server. */
  readonly namespace?: string
}

/** What a server keeps things by. */
export interface KeptOptions {
  /** Left out, everything is in this process. */
  readonly storage?: Storage
  /** Of the server. */
  readonly name: string
  readonly userState?: UserStateOptions
}

const USER_KEYS = 256
const USER_BYTES = 64 * 1024
const MOST_USER_BYTES = 256 * 1024

/** Makes what a server keeps. Throws `FastMCPError` for bounds that are none. */
export function createKept({ storage, name, userState = {} }: KeptOptions): Kept {
  const { maxKeys = USER_KEYS, maxBytes = USER_BYTES, ttlMs, namespace = name } = userState
  const bounds = {
    maxKeys: checkNumber('userState.maxKeys', maxKeys),
    maxBytes: checkNumber('userState.maxBytes', maxBytes, MOST_USER_BYTES),
    ttlMs: ttlMs === undefined ? undefined : checkNumber('userState.ttlMs', ttlMs),
    full: refuseMore,
  }
  const parts = new Map<string, Storage>()
  // In this process each has a memory of its own, so that no flood in one drives out what is in another.
  const part = (of: string): Storage => {
    const known = parts.get(of) ?? (storage === undefined ? createMemoryStorage() : createOwnPart(storage, of))
    parts.set(of, known)
    return known
  }
  const callers = new WeakMap<Auth, Storage>()
  return {
    part,
    shared: withoutOwnParts(storage ?? createMemoryStorage()),
    ofCaller(auth) {
      if (auth === undefined) throw new ToolError('UNAUTHORIZED', NOBODY)
      const known = callers.get(auth)
      if (known !== undefined) return known
      const key = digestKey(namespace, principalOf(auth))
      const own = createCompartment({ ...bounds, storage: part('user-state'), key })
      callers.set(auth, own)
      return own
    },
  }
}

const NOBODY =
  'This needs to know who is calling, and this call is anonymous: send credentials that the server accepts. A server knows its callers by its option `authenticate`'

function refuseMore(problem: string): ToolError {
  return new ToolError(
    'QUOTA_EXCEEDED',
    `There is no room for that among what is kept for you: ${problem}. Delete some first.`,
  )
}
