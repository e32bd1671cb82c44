import { principalOf } from '../engine/auth.ts'
import { backstageOf } from '../engine/backstage.ts'
import type { Context } from '../engine/context.ts'
import { keptAt } from '../engine/kept.ts'
import { FastMCPError, ToolError } from '../protocol/errors.ts'
import { encodeBase64Url } from '../storage/base64url.ts'
import { steadyNow } from '../storage/clock.ts'
import { digestKey } from '../storage/digest-key.ts'
import { checkNumber } from '../storage/setting.ts'
import { StorageError, type Stored } from '../storage/storage.ts'
import { createHandleCensus, type Place } from './handle-census.ts'

/** For how long, and how many. */
export interface SessionHandleOptions {
  /** How long one lives after it was last used, in milliseconds; default 30 minutes. */
  readonly ttlMs?: number
  /** Most that one caller has at once, at most 10,000; default 1,000. All anonymous callers together count as one. */
  readonly max?: number
}

/** States that go on from call to call, each under an id that the caller is given and gives back. */
export interface SessionHandles<T> {
  /** Begins one, and gives its id. In a handler that asks, put it into `ctx.once`. */
  create(ctx: Context, initial: T): Promise<string>
  /**
   * Gives the state, after `change` if there is one, and lets it live on. Of two changes at once the second sees what
   * the first left. `change` may be called again when somebody else was faster, so it must do nothing else. Rejects with
   * `ToolError` for an id that is unknown, of another caller, or ended: they cannot be told apart.
   */
  use(ctx: Context, id: string, change?: (state: T) => T): Promise<T>
  /** Ends one; returns whether it was there. */
  end(ctx: Context, id: string): Promise<boolean>
}

const TTL_MS = 30 * 60_000
const MOST = 1_000
const MOST_OF_ALL = 10_000
const ID_BYTES = 16
const LONGEST_ID = 200
const NAME = /^[a-z][a-z0-9_-]{0,39}$/i

/**
 * Sessions that the protocol does not have to know of, and so the same in both eras: a tool begins one and returns its
 * id, the model passes that to others. An id has 128 random bits and is good for the principal that began it alone. An
 * anonymous caller has no principal: there whoever knows the id may use it. The state is JSON, with bytes anywhere in it,
 * and lies in the server's `storage`, so that every replica has it.
 *
 * @example
 * const carts = sessionHandles<{ items: string[] }>('cart', { ttlMs: 3_600_000 })
 *
 * mcp.tool('open_cart', { description: 'Begins a cart' }, (_, ctx) => carts.create(ctx, { items: [] }))
 * mcp.tool('add_item', { description: 'Puts an item into a cart', input }, async ({ cart, item }, ctx) => {
 *   const { items } = await carts.use(ctx, cart, ({ items }) => ({ items: [...items, item] }))
 *   return `${items.length} items`
 * })
 */
export function sessionHandles<T>(name: string, options: SessionHandleOptions = {}): SessionHandles<T> {
  if (!NAME.test(name)) {
    const advice = 'give letters, digits, - and _, at most 40 of them and a letter first'
    throw new FastMCPError('SETTING', `sessionHandles: the name is ${JSON.stringify(name)}; ${advice}`)
  }
  const ttlMs = checkNumber('ttlMs', options.ttlMs ?? TTL_MS)
  const most = checkNumber('max', options.max ?? MOST, MOST_OF_ALL)
  const census = createHandleCensus({ name, ttlMs, most })
  const unknown = (): ToolError =>
    new ToolError(
      'NOT_FOUND',
      `No such ${name}: it has ended or expired, or is not yours. Begin a new one and use its id.`,
    )

  const placeOf = async (ctx: Context, id: string): Promise<Place> => {
    const owner = principalOf(ctx.auth)
    // Not the id itself: whoever reads the storage shall not be able to use it.
    return {
      storage: keptAt(backstageOf(ctx).origin).part('session-handles'),
      owner,
      key: await digestKey(name, owner, id),
    }
  }

  return {
    async create(ctx, initial) {
      const id = `${name}_${encodeBase64Url(crypto.getRandomValues(new Uint8Array(ID_BYTES)))}`
      const place = await placeOf(ctx, id)
      const kept = pack(name, initial, steadyNow())
      await census.enter(place)
      try {
        await readable(name, place.storage.set(place.key, kept, { ttlMs }))
      } catch (problem) {
        await census.leave(place).catch(() => undefined)
        throw problem
      }
      return id
    },
    async use(ctx, id, change = (state) => state) {
      if (!isId(id)) throw unknown()
      const place = await placeOf(ctx, id)
      let isDue = false
      const step = (kept: Stored | undefined): Stored => {
        if (!isKept(kept)) throw unknown()
        isDue = census.isDue(kept.noted)
        // As it was packed, so of the type that it had.
        return pack(name, change(kept.state as T), isDue ? steadyNow() : kept.noted)
      }
      const kept = await readable(name, place.storage.update(place.key, step, { ttlMs }))
      if (!isKept(kept)) throw unknown()
      if (isDue) await census.renew(place)
      return kept.state as T // as it was packed
    },
    async end(ctx, id) {
      if (!isId(id)) return false
      const place = await placeOf(ctx, id)
      const wasThere = await place.storage.delete(place.key)
      if (wasThere) await census.leave(place)
      return wasThere
    },
  }
}

function isId(id: unknown): id is string {
  return typeof id === 'string' && id.length <= LONGEST_ID
}

/** A session as it is stored. */
type Kept = {
  /** When the census last heard of it. */
  readonly noted: number
  readonly state: Stored
}

function pack(name: string, state: unknown, noted: number): Kept {
  if (state === undefined) throw new StorageError('INVALID', `A ${name} became undefined; return the whole state`)
  return { noted, state: state as Stored } // the storage looks at it
}

function isKept(kept: Stored | undefined): kept is Kept {
  if (typeof kept !== 'object' || kept === null || !('noted' in kept) || !('state' in kept)) return false
  return typeof kept.noted === 'number' && kept.state !== undefined
}

/** What a model can act on: it is the one who put so much in. */
async function readable<T>(name: string, work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (cause) {
    if (!(cause instanceof StorageError) || cause.code !== 'TOO_LARGE') throw cause
    throw new ToolError('QUOTA_EXCEEDED', `A ${name} cannot hold so much; take something out of it first`, { cause })
  }
}
