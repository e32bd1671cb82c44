import type { Client } from '../../client/index.ts'
import { type Components, KINDS, type Kind } from '../../components/component.ts'
import type { Awaitable } from '../../engine/call.ts'
import { later } from '../../engine/timer.ts'
import type { CacheHint } from '../../protocol/cache-hint.ts'
import type { Meta } from '../../protocol/content.ts'
import type { Provider } from '../provider.ts'
import { isDirect } from './chain.ts'
import { type Listed, listOf } from './lists.ts'
import type { Found, Session } from './session.ts'
import type { Shelf } from './shelf.ts'
import type { Hearers, Tell } from './telling.ts'

/** Who asks for a list. */
export interface Asking {
  /** What goes along. */
  readonly meta: Meta
  readonly version?: string | undefined
  /** Whether the server has said that it has changed. */
  readonly isTold?: boolean
  /** Those who hear what is heard over their connection; undefined for everybody. */
  hearers(): Hearers | undefined
  /** Their connection. */
  session(): Found
}

/** What a server elsewhere has, as it was when it was last asked or told. */
export interface Stock {
  list<K extends Kind>(kind: K, asking: Asking): Awaitable<readonly Components[K][]>
  find<K extends Kind>(kind: K, id: string, asking: Asking): Awaitable<Components[K] | undefined>
  /** What its server says of its lists, as far as they are known. */
  listHint: NonNullable<Provider['listHint']>
  /** Asks anew for what has been asked for before. What its server says has changed is told of, whatever comes of it. */
  renew(kinds?: readonly Kind[], isTold?: boolean): void
  /** Asks for nothing more by itself. */
  stop(): void
}

/** What a stock is made of. */
export interface StockOptions {
  readonly shelf: Shelf
  /** Milliseconds after which a list is asked for again, behind the back of whoever asks, unless its server says another time. */
  readonly maxAgeMs: number
  /** For each list. */
  readonly timeoutMs: number
  /** What goes along where nobody asks. */
  readonly ownMeta: () => Meta
  /** What of the tools is taken. */
  admit(kind: Kind, listed: Listed): Awaitable<Listed['definitions']>
  /** Hears of the connection over which a list came. */
  heard(session: Session, reopen: () => Found): void
  readonly tell: Tell
  /** What to tell whoever asks for what cannot be had. */
  told(problem: unknown): unknown
  report(problem: Error): void
}

/** A miss asks the server again, but not more often than that: an unknown name must not cost it a list each time. */
const MISS_MS = 1_000
/** However long a list may be kept, and however short. */
const OLDEST_MS = 3_600_000
/** However often a server tells of changes, it is not asked more often than that. */
const RENEW_MS = 250
const YOUNGEST_MS = 1_000

/** Makes a stock; the first who asks for a list waits for it, and nobody asks for one twice at once. */
export function createStock(options: StockOptions): Stock {
  const { shelf, report } = options
  const freshUntil = new Map<Kind, number>()
  const askedAt = new Map<Kind, number>()
  const hints = new Map<Kind, Partial<CacheHint>>()
  const asking = new Map<Kind, Promise<void>>()
  /** Lists that somebody has asked for in vain. */
  const missed = new Set<Kind>()
  let last: Asking | undefined
  let source: Session | undefined

  /** Whoever asks once the connection has ended brings another one, to a server that may be another by then. */
  const follow = (taken: Session): void => {
    if (source === taken) return
    source = taken
    void taken.client.closed.then(() => {
      if (source === taken) for (const kind of freshUntil.keys()) freshUntil.set(kind, 0)
    })
  }
  const ask = async (kind: Kind, { meta, session, hearers, isTold }: Asking): Promise<void> => {
    const isFirst = !askedAt.has(kind)
    const found = session()
    const taken = found instanceof Promise ? await found : found
    const listed = await taken.run(UNHEARD, (client: Client) =>
      listOf(kind, client, { meta, timeout: options.timeoutMs }),
    )
    const definitions = await options.admit(kind, listed)
    follow(taken)
    options.heard(taken, session)
    askedAt.set(kind, performance.now())
    freshUntil.set(kind, performance.now() + ageOf(listed))
    hints.set(kind, listed.hint ?? {})
    const isNews = missed.delete(kind) || !isFirst
    if ((shelf.put(kind, definitions) || isTold) && isNews) options.tell({ kind }, hearers())
  }
  const ageOf = ({ hint }: Listed): number =>
    hint?.ttlMs === undefined || hint.ttlMs === 0
      ? options.maxAgeMs
      : Math.min(Math.max(hint.ttlMs, YOUNGEST_MS), OLDEST_MS)
  const refresh = (kind: Kind, by: Asking): Promise<void> => {
    last = by
    const running = asking.get(kind)
    // Whoever comes by another proxy asks by themselves: what runs may wait for that very proxy.
    if (running !== undefined && isDirect(by.meta)) return running
    const work = ask(kind, by)
      .catch((problem: unknown) => {
        missed.add(kind)
        throw options.told(problem)
      })
      .finally(() => asking.get(kind) === work && asking.delete(kind))
    if (running === undefined) asking.set(kind, work)
    return work
  }
  const refreshBehind = (kind: Kind, by: Asking): void => {
    if (asking.has(kind)) return
    refresh(kind, by).catch((problem: unknown) => {
      // What is known is good for a while, so that a server that is away is not asked at every call.
      freshUntil.set(kind, performance.now() + MISS_MS)
      if (problem instanceof Error) report(problem)
    })
  }
  const renewed = new Map<Kind, number>()
  /** Who asks anew, of lists that wait for that. */
  const waiting = new Map<Kind, Asking>()
  const renewNow = (kind: Kind): void => {
    const by = waiting.get(kind)
    waiting.delete(kind)
    renewed.set(kind, performance.now())
    if (by !== undefined) refresh(kind, by).catch(report)
  }
  const renewSoon = (kind: Kind): void => {
    const wait = RENEW_MS - (performance.now() - (renewed.get(kind) ?? Number.NEGATIVE_INFINITY))
    if (wait > 0) later(() => renewNow(kind), wait)
    else renewNow(kind)
  }
  const ready = (kind: Kind, by: Asking): Promise<void> | undefined => {
    const until = freshUntil.get(kind)
    if (until === undefined) return refresh(kind, by)
    if (performance.now() > until) refreshBehind(kind, by)
    return undefined
  }

  return {
    list(kind, by) {
      const waiting = ready(kind, by)
      return waiting === undefined ? shelf.list(kind) : waiting.then(() => shelf.list(kind))
    },
    find(kind, id, by) {
      const { version } = by
      const waiting = ready(kind, by)
      if (waiting !== undefined) return waiting.then(() => shelf.find(kind, id, version))
      const found = shelf.find(kind, id, version)
      if (found !== undefined || performance.now() - (askedAt.get(kind) ?? 0) < MISS_MS) return found
      askedAt.set(kind, performance.now())
      // Where it cannot be asked, what was known before counts.
      return refresh(kind, by).then(
        () => shelf.find(kind, id, version),
        () => undefined,
      )
    },
    listHint(kind, otherwise) {
      const { ttlMs, cacheScope } = hints.get(kind) ?? {}
      if (ttlMs !== undefined || cacheScope !== undefined) {
        return { ttlMs: ttlMs ?? otherwise.ttlMs, cacheScope: cacheScope ?? otherwise.cacheScope }
      }
      return shelf.list(kind).length === 0 ? undefined : otherwise
    },
    renew(kinds = KINDS, isTold = false) {
      const by = last
      if (by === undefined) return
      const { session, hearers } = by
      for (const kind of kinds) {
        if (!askedAt.has(kind)) continue
        const before = waiting.get(kind)
        waiting.set(kind, { meta: options.ownMeta(), session, hearers, isTold: isTold || before?.isTold === true })
        if (before !== undefined) continue
        const running = asking.get(kind)
        // What runs may have been answered before the change.
        if (running === undefined) renewSoon(kind)
        else void running.catch(() => undefined).then(() => renewSoon(kind))
      }
    },
    stop() {
      last = undefined
      waiting.clear()
    },
  }
}

/** Lists ask their caller nothing. */
const UNHEARD = { notify: (): void => undefined, letGo: (): void => undefined }
