import type { Hearer } from '../../engine/application.ts'
import type { Awaitable } from '../../engine/call.ts'
import type { View } from '../provider.ts'
import { type Abilities, abilitiesOf } from './abilities.ts'
import { type Caller, callerOf, senderOf } from './caller.ts'
import { wayOnward, writeWay } from './chain.ts'
import { createOpener, isCommand, isServerObject } from './opener.ts'
import type { ProxyTarget, Settings } from './options.ts'
import { createPool, type Pool } from './pool.ts'
import type { Found, Session } from './session.ts'
import type { Hearers } from './telling.ts'

/** The connections to a server elsewhere: which of them a caller goes by, and who shares one. */
export interface Connections extends Pick<Pool, 'close' | 'reopen'> {
  of(view: View): Found
  /** One text for all callers who are shown the same: those that the server cannot tell apart. */
  audienceOf(view: View): Awaitable<string>
  /** Those who hear what is heard over the connections of this caller; undefined where all callers go by the same ones. */
  hearersOf(view: View): Hearers | undefined
  /** Whether what goes along with requests tells it who is calling. */
  readonly isPersonal: boolean
  /** Whether the server can show callers different things, as far as is known. */
  readonly tellsApart: boolean
}

/** What connections are made of. */
export interface ConnectionsOptions {
  /** By this the proxy knows requests that have passed it before. */
  readonly idOf: () => string
  readonly target: ProxyTarget
  readonly settings: Settings
  /** The headers of callers that go along. */
  readonly names: readonly string[]
  told(problem: unknown): unknown
}

/** Makes connections, none at first. */
export function createConnections({ idOf, target, settings, names, told }: ConnectionsOptions): Connections {
  const pool = createPool({ mostSessions: settings.maxSessions, idleMs: settings.idle, told })
  const open = createOpener(target, settings)
  const isPersonal = settings.headersFor !== undefined || names.length > 0 || isServerObject(target)
  // Each program has its own memory, whatever it speaks.
  const isApart = isPersonal || isCommand(target)
  let remembers = REMEMBERS[settings.era ?? 'auto']
  let meeting: Promise<unknown> | undefined

  const keyOf = (caller: Caller, { key }: Abilities): string =>
    // A server that remembers nothing between two calls can serve all who may do the same over one connection.
    `${key} ${remembers === false ? caller.key : caller.connectionKey}`
  const openFor = (view: View, caller: Caller, abilities: Abilities): Promise<Session> => {
    const way = writeWay(wayOnward(view, idOf()))
    // Whoever comes by another proxy waits for no connection that may wait for that very proxy.
    const place = (): string => (way === idOf() ? keyOf(caller, abilities) : `${keyOf(caller, abilities)} ${way}`)
    const begin = (): Promise<Session> => {
      const key = place()
      return pool.take(key, async () => {
        const session = await open(caller, abilities, way)
        remembers = session.client.era === 'stateful'
        // It is for more callers than was known.
        pool.rename(key, place())
        return session
      })
    }
    if (remembers !== undefined || way !== idOf()) return begin()
    // How the others connect is known once one has.
    if (meeting !== undefined) return meeting.then(begin, begin)
    const first = begin()
    meeting = first
    const settle = (): void => {
      meeting = undefined
    }
    first.then(settle, settle)
    return first
  }
  const facts = (view: View): readonly [Caller, Abilities] => {
    const sender = senderOf(view)
    return [callerOf(sender, names), abilitiesOf(sender.client.capabilities)]
  }
  const tellsApart = (): boolean => isApart || remembers !== false
  const audienceNow = (view: View): string => (tellsApart() ? keyOf(...facts(view)) : '')
  // What a client can be asked makes nobody another one.
  const byCaller = (hearer: Hearer): string => callerOf(hearer, names).key
  const byConnection = (hearer: Hearer): string => callerOf(hearer, names).connectionKey
  const of = (view: View): Found => {
    const [caller, abilities] = facts(view)
    return pool.get(keyOf(caller, abilities)) ?? openFor(view, caller, abilities)
  }

  return {
    of,
    audienceOf(view) {
      if (remembers !== undefined) return audienceNow(view)
      const met = async (): Promise<unknown> => of(view)
      // Where it cannot be met, whoever asks for what it has hears why.
      return met().then(
        () => audienceNow(view),
        () => audienceNow(view),
      )
    },
    hearersOf(view) {
      if (!tellsApart()) return undefined
      const by = remembers === false ? byCaller : byConnection
      return { key: by(senderOf(view)), keyOf: by }
    },
    isPersonal,
    get tellsApart() {
      return tellsApart()
    },
    close: pool.close,
    reopen: pool.reopen,
  }
}

/** What is known of a server before it was met. */
const REMEMBERS = { auto: undefined, stateless: false, stateful: true } as const
