import type { Client, Change as Heard, ListenFilter } from '../../client/index.ts'
import { KINDS, type Kind } from '../../components/component.ts'
import type { Stop } from '../../engine/application.ts'
import type { CacheHint } from '../../protocol/cache-hint.ts'
import type { Meta } from '../../protocol/content.ts'
import type { ToolDefinition } from '../../protocol/definitions.ts'
import { strictest } from '../list-hints.ts'
import type { Provider } from '../provider.ts'
import { keepListening } from './listening.ts'
import { createMade } from './made.ts'
import type { Settings } from './options.ts'
import { checkPins } from './pins.ts'
import type { Relay } from './relay.ts'
import type { Found, Session } from './session.ts'
import { createShelf } from './shelf.ts'
import { createStock, type Stock } from './stock.ts'
import type { Tell } from './telling.ts'
import type { Watches } from './watches.ts'

/** What a server elsewhere has, once for all callers or once for each. */
export interface Stocks {
  of(audience: string): Stock
  /** The strictest of what was said of a list, to whomever. */
  listHint: NonNullable<Provider['listHint']>
  close(): void
}

/** What stocks are made of. */
export interface StocksOptions {
  readonly settings: Settings
  /** Whether connections are those of known callers, who do not keep one that they do not use. */
  readonly isPersonal: boolean
  /** What goes along where nobody asks. */
  readonly ownMeta: () => Meta
  readonly relay: Relay
  readonly watches: Watches
  told(problem: unknown): unknown
  readonly tell: Tell
}

interface Kept {
  readonly stock: Stock
  readonly follower: Follower
}

/** Makes stocks. */
export function createStocks({ settings, isPersonal, ownMeta, relay, watches, told, tell }: StocksOptions): Stocks {
  const { onError: report, pins, maxSessions } = settings
  const all = new Map<string, Kept>()
  const made = createMade({ relay, watches, report })

  const make = (): Kept => {
    const follower = createFollower({
      // The first caller is often the only one, who wants to hear of changes however long they ask for nothing.
      isKept: !isPersonal && all.size === 0,
      report,
      renew: (kinds, isTold) => stock.renew(kinds, isTold),
    })
    const stock = createStock({
      shelf: createShelf(made),
      maxAgeMs: settings.listMaxAge,
      timeoutMs: settings.connectTimeout,
      ownMeta,
      admit: (kind, { definitions }) =>
        kind === 'tool' && pins !== undefined
          ? checkPins(definitions as unknown as readonly ToolDefinition[], pins, report).then(
              (tools) => tools as unknown as typeof definitions, // those of them that may stay
            )
          : definitions,
      heard: follower.follow,
      tell,
      told,
      report,
    })
    return { stock, follower }
  }
  const end = ({ stock, follower }: Kept): void => {
    follower.stop()
    stock.stop()
  }
  return {
    of(audience) {
      const known = all.get(audience)
      if (known !== undefined) return known.stock
      for (const [oldest, kept] of all) {
        if (all.size < maxSessions) break
        end(kept)
        all.delete(oldest)
      }
      const kept = make()
      all.set(audience, kept)
      return kept.stock
    },
    listHint(kind, otherwise) {
      let hint: CacheHint | undefined
      for (const { stock } of all.values()) {
        const said = stock.listHint(kind, otherwise)
        if (said !== undefined) hint = hint === undefined ? said : strictest(hint, said)
      }
      return hint
    },
    close() {
      for (const kept of all.values()) end(kept)
      all.clear()
    },
  }
}

/** Hears of changes of lists, over one connection at a time. */
interface Follower {
  follow(session: Session, reopen: () => Found): void
  stop: Stop
}

interface FollowerOptions {
  /** Whether the connection is kept for it. Otherwise it ends with the connection, until there is another list to follow. */
  readonly isKept: boolean
  renew(kinds: readonly Kind[], isTold: boolean): void
  report(problem: Error): void
}

function createFollower({ isKept, renew, report }: FollowerOptions): Follower {
  let stopping: Promise<Stop> | undefined
  const end = (): void => {
    void stopping?.then((stop) => stop())
    stopping = undefined
  }
  return {
    follow(session, reopen) {
      if (stopping !== undefined || Object.keys(filterOf(session.client)).length === 0) return
      let first: Session | undefined = session
      stopping = keepListening({
        session() {
          const taken = first ?? reopen()
          first = undefined
          return taken
        },
        filter: filterOf,
        isKept,
        hear: (change) => renew(kindsOf(change), change !== undefined && !change.assumed),
        report,
      })
      // Whoever asks for a list next brings another connection.
      if (!isKept) void session.client.closed.then(end)
    },
    stop: end,
  }
}

function filterOf({ capabilities }: Client): ListenFilter {
  const { tools, prompts, resources } = capabilities
  return {
    ...(tools?.listChanged && { tools: true }),
    ...(prompts?.listChanged && { prompts: true }),
    ...(resources?.listChanged && { resourceList: true }),
  }
}

function kindsOf(change: Heard | undefined): readonly Kind[] {
  switch (change?.kind) {
    case 'tools':
      return ['tool']
    case 'prompts':
      return ['prompt']
    case 'resourceList':
      return ['resource', 'template']
    default:
      return KINDS
  }
}
