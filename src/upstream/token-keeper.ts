import { retry } from '../resilience/retry.ts'
import { type Storage, StorageError } from '../storage/storage.ts'
import { isPassing } from './exchange.ts'
import { withLock } from './storage-lock.ts'
import { type Grant, requestTokens, type TokenEndpoint, type Tokens } from './token-endpoint.ts'
import { readTokens, storageKeyOf, writeTokens } from './token-storage.ts'
import { UpstreamError } from './upstream-error.ts'

/** How tokens are kept. */
export interface KeeperSettings {
  readonly endpoint: TokenEndpoint
  /** Most milliseconds before its end that a token is renewed; never more than a fifth of its life. */
  readonly refreshBefore: number
  readonly storage: Storage | undefined
  /** Tells the tokens of this use of a storage from others. */
  readonly identity: readonly string[]
  readonly onError: (problem: Error) => void
}

/** Whose tokens, and by which grant. */
export interface TokenSource {
  readonly who: string
  /** Whether a grant uses up what it is made with, so that none may be tried without knowing what is stored. */
  readonly rotates: boolean
  grant(refreshToken: string | undefined): Grant | Promise<Grant>
}

/** An access token and until when it is good, on the clock that never jumps. */
export interface Held extends Tokens {
  readonly freshUntil: number
  readonly validUntil: number
}

const MOST_HOLDERS = 10_000
const REQUEST_RETRIES = 2
const LONGEST_DELAY_MS = 2_000
/** After a renewal ahead of time has failed, or one that was forced was in vain. */
const PAUSE_MS = 30_000

/** Holds tokens by who they are for: renews them ahead of their end, and only once for all who wait. */
export class TokenKeeper {
  readonly #settings: KeeperSettings
  readonly #longestMs: number
  /** In the order of their last use. */
  readonly #holders = new Map<string, Holder>()

  constructor(settings: KeeperSettings) {
    this.#settings = settings
    this.#longestMs = (1 + REQUEST_RETRIES) * (settings.endpoint.timeout + LONGEST_DELAY_MS)
  }

  /** A token that is good. Nobody who leaves ends a request for it: a refresh token may have been used up by then. */
  obtain(source: TokenSource): Held | Promise<Held> {
    const holder = this.#holderOf(source.who)
    const { held } = holder
    const now = performance.now()
    if (held === undefined || now >= held.validUntil) return this.#renewed(holder, source)
    // Ahead of its end nobody waits for the next one.
    if (now >= held.freshUntil && now >= holder.pauseUntil) {
      this.#renewed(holder, source).catch(() => {
        holder.pauseUntil = performance.now() + PAUSE_MS
      })
    }
    return held
  }

  /** Throws away a token that was refused. Returns whether another is to be had. */
  refuse(who: string, token: Held): boolean {
    const holder = this.#holderOf(who)
    if (holder.held !== token) return true
    if (holder.forcedAt + PAUSE_MS > performance.now()) return false
    holder.forcedAt = performance.now()
    holder.refused = token.accessToken
    holder.held = undefined
    return true
  }

  #holderOf(who: string): Holder {
    const holder = this.#holders.get(who) ?? new Holder()
    this.#holders.delete(who)
    this.#holders.set(who, holder)
    if (this.#holders.size > MOST_HOLDERS) {
      const [oldest] = this.#holders.keys()
      if (oldest !== undefined) this.#holders.delete(oldest)
    }
    return holder
  }

  #renewed(holder: Holder, source: TokenSource): Promise<Held> {
    // A flight whose runtime stopped it together with a request would never land.
    if (holder.flight !== undefined && performance.now() < holder.flightUntil) return holder.flight
    const flight = this.#renew(holder, source)
    holder.flight = flight
    holder.flightUntil = performance.now() + 4 * this.#longestMs
    const land = (): void => {
      if (holder.flight === flight) holder.flight = undefined
    }
    flight.then(land, land)
    return flight
  }

  async #renew(holder: Holder, source: TokenSource): Promise<Held> {
    const { storage, identity, onError } = this.#settings
    if (storage === undefined) return this.#hold(holder, await this.#request(source, holder.refreshToken))
    const key = await storageKeyOf([...identity, source.who])
    try {
      const lock = { storage, key: `${key}:lock`, ttlMs: this.#longestMs }
      return await withLock(lock, () => this.#renewStored({ holder, source, storage, key }))
    } catch (problem) {
      if (!(problem instanceof StorageError)) throw problem
      onError(problem)
      if (!source.rotates) return this.#hold(holder, await this.#request(source, undefined))
      throw new UpstreamError('Access tokens are kept where they cannot be reached now', {
        reason: 'unauthorized',
        cause: problem,
      })
    }
  }

  async #renewStored({ holder, source, storage, key }: Renewal): Promise<Held> {
    const stored = await readTokens(storage, key)
    const isUsable = !holder.isUnsaved && stored?.accessToken !== holder.refused
    if (isUsable && stored !== undefined && stored.leftMs > this.#early(stored.lifeMs))
      return this.#hold(holder, stored, stored.leftMs)
    // What could not be stored is newer than what is.
    const newest = holder.isUnsaved ? holder.refreshToken : (stored?.refreshToken ?? holder.refreshToken)
    const tokens = await this.#request(source, newest)
    await this.#store({ holder, source, storage, key }, tokens)
    return this.#hold(holder, tokens)
  }

  /** The tokens count even if they cannot be stored: they are held here, and stored with the next ones. */
  async #store({ holder, storage, key }: Renewal, tokens: Tokens): Promise<void> {
    try {
      await retry(() => writeTokens(storage, key, tokens), { retries: REQUEST_RETRIES, maxDelay: LONGEST_DELAY_MS })
      holder.isUnsaved = false
    } catch (problem) {
      holder.isUnsaved = true
      this.#settings.onError(new Error('New tokens could not be stored', { cause: problem }))
    }
  }

  async #request(source: TokenSource, refreshToken: string | undefined): Promise<Tokens> {
    const grant = await source.grant(refreshToken)
    const tokens = await this.#ask(grant)
    // Only some servers give a new refresh token each time; of the other grants there is none to keep.
    const used = grant.parameters.refresh_token
    return { ...tokens, refreshToken: used === undefined ? undefined : (tokens.refreshToken ?? used) }
  }

  async #ask(grant: Grant): Promise<Tokens> {
    try {
      return await retry(() => requestTokens(this.#settings.endpoint, grant), {
        retries: REQUEST_RETRIES,
        maxDelay: LONGEST_DELAY_MS,
        retryIf: (problem) => isPassing(problem, LONGEST_DELAY_MS),
      })
    } catch (problem) {
      throw problem instanceof Error && problem.cause instanceof UpstreamError ? problem.cause : problem
    }
  }

  #hold(holder: Holder, tokens: Tokens, leftMs = tokens.lifeMs): Held {
    const now = performance.now()
    const held = { ...tokens, validUntil: now + leftMs, freshUntil: now + leftMs - this.#early(tokens.lifeMs) }
    holder.held = held
    holder.refreshToken = tokens.refreshToken
    holder.refused = undefined
    return held
  }

  #early(lifeMs: number): number {
    return Math.min(this.#settings.refreshBefore, lifeMs / 5)
  }
}

/** What is known of one who needs tokens. */
class Holder {
  held: Held | undefined
  flight: Promise<Held> | undefined
  flightUntil = 0
  /** No renewal ahead of time until then. */
  pauseUntil = 0
  forcedAt = Number.NEGATIVE_INFINITY
  /** The access token that the upstream did not take. */
  refused: string | undefined
  /** The newest, even if the access token that came with it is gone. */
  refreshToken: string | undefined
  /** Whether the refresh token could not be stored. */
  isUnsaved = false
}

interface Renewal {
  readonly holder: Holder
  readonly source: TokenSource
  readonly storage: Storage
  readonly key: string
}
