import type { Client, Command, ConnectOptions, Remote, ServerObject, SingleTarget } from '../../client/index.ts'
import type { Components, Kind } from '../../components/component.ts'
import { type Auth, principalOf } from '../../engine/auth.ts'
import type { Awaitable } from '../../engine/call.ts'
import { Context } from '../../engine/context.ts'
import type { ClientCapabilities } from '../../protocol/capabilities.ts'
import type { Meta } from '../../protocol/content.ts'
import type { Provider, View } from '../provider.ts'
import { metaOnward } from './chain.ts'
import { Waiting } from './conversation.ts'
import type { AnyDefinition } from './definitions.ts'
import { checkPins, type PinOptions } from './pins.ts'
import { abilitiesKey, createPool } from './pool.ts'
import { createRelay } from './relay.ts'
import { openSession, type Session } from './session.ts'
import { createShelf } from './shelf.ts'
import { createStock } from './stock.ts'

/** Where a server is: an address, a command, or a server of this process. */
export type ProxyTarget = SingleTarget | Command | Remote | ServerObject

/** How a server elsewhere is used. Times in milliseconds. */
export interface ProxyOptions {
  /** Which way of speaking MCP to use with it; default `auto`. Callers may speak either, whatever it speaks. */
  readonly era?: ConnectOptions['era']
  /** For every HTTP request to it, the same for all callers. */
  readonly headers?: Readonly<Record<string, string>>
  /**
   * For the HTTP requests made for one caller, such as a token of theirs for that server. What a server shows may then
   * depend on the caller, so each gets lists of their own.
   */
  readonly headersFor?: (auth: Auth | undefined) => Awaitable<Readonly<Record<string, string>>>
  /** In place of the global `fetch`. */
  readonly fetch?: ConnectOptions['fetch']
  /** For each call; 60 s by default. Questions to the caller do not count. */
  readonly timeout?: number
  /** How old lists may be that it does not tell the changes of; 60 s by default. */
  readonly listMaxAge?: number
  /** How long a session is kept warm without a call; 5 minutes by default. */
  readonly idle?: number
  /** Most sessions at once; 1,000 by default. */
  readonly maxSessions?: number
  /** Holds its tools to what somebody has approved. */
  readonly pins?: PinOptions
  /** Hears of what went wrong beside any call; default standard error. */
  readonly onError?: (problem: Error) => void
}

/**
 * A server elsewhere as a source: everything it has, live, with progress, logs, questions, cancellation and completions, for
 * callers of both eras whatever it speaks itself. It is connected to when it is first needed, once for each caller, and what
 * a caller sent in headers stays here.
 *
 * @example
 * mcp.mount('github', proxy('https://example.com/mcp', { headers: { authorization: `Bearer ${token}` } }))
 * mcp.mount('files', proxy({ command: 'files-mcp', args: ['/data'] }))
 */
export function proxy(target: ProxyTarget, options: ProxyOptions = {}): Provider & AsyncDisposable {
  const id = crypto.randomUUID()
  const report = options.onError ?? complain
  const pool = createPool({ mostSessions: options.maxSessions ?? 1_000, idleMs: options.idle ?? 300_000 })
  const waiting = new Waiting()
  const isPerCaller = options.headersFor !== undefined || isServerObject(target)

  const open = async (auth: Auth | undefined, capabilities: ClientCapabilities): Promise<Session> => {
    const own = options.headersFor === undefined ? {} : await options.headersFor(auth)
    const connect: ConnectOptions = {
      ...(options.era !== undefined && { era: options.era }),
      ...(options.fetch !== undefined && { fetch: options.fetch }),
      ...(auth !== undefined && isServerObject(target) && { auth }),
      headers: { ...options.headers, ...own },
      stderr: 'inherit',
      logLevel: 'debug',
      onError: report,
    }
    return openSession({ target: target as SingleTarget, connect, capabilities }) // a remote is told apart by `connect`
  }
  const sessionFor = (auth: Auth | undefined, capabilities: ClientCapabilities): Promise<Session> =>
    pool.take(`${principalOf(auth)}${abilitiesKey(capabilities)}`, () => open(auth, capabilities))

  const relay = createRelay({
    id,
    timeout: options.timeout ?? 60_000,
    waiting,
    session: (context) => sessionFor(context.auth, context.server.clientCapabilities),
  })
  const stocks = new Map<string, ReturnType<typeof createStock>>()
  const listeners = new Set<Parameters<Provider['onChange']>[0]>()
  const stockOf = (auth: Auth | undefined): ReturnType<typeof createStock> => {
    const key = isPerCaller ? principalOf(auth) : ''
    const known = stocks.get(key)
    if (known !== undefined) return known
    const seenBy = isPerCaller ? auth : undefined
    let following: Client | undefined
    const stock = createStock({
      shelf: createShelf(relay),
      maxAgeMs: options.listMaxAge ?? 60_000,
      async ask(work) {
        const session = await sessionFor(seenBy, {})
        if (following !== session.client) stock.follow(session.client)
        following = session.client
        return session.run(undefined, work)
      },
      admit: <K extends Kind>(kind: K, definitions: readonly AnyDefinition<K>[]) =>
        kind === 'tool' && options.pins !== undefined
          ? (checkPins(definitions as readonly AnyDefinition<'tool'>[], options.pins, report) as Promise<
              readonly AnyDefinition<K>[]
            >) // tools in, tools out
          : definitions,
      report: (problem) => report(problem),
    })
    stock.onChange((change) => {
      for (const listener of [...listeners]) listener(change)
    })
    for (const oldest of stocks.keys()) {
      if (stocks.size < (options.maxSessions ?? 1_000)) break
      stocks.delete(oldest)
    }
    stocks.set(key, stock)
    return stock
  }
  const close = async (): Promise<void> => {
    waiting.end(new Error('The proxy is closed'))
    await pool.close()
  }

  return {
    isRemote: true,
    perCaller: isPerCaller,
    list: <K extends Kind>(kind: K, view: View): Awaitable<readonly Components[K][]> =>
      stockOf(view.auth).list(kind, metaOnward(metaOf(view), id)),
    find: <K extends Kind>(kind: K, name: string, view: View): Awaitable<Components[K] | undefined> =>
      stockOf(view.auth).find(kind, name, metaOnward(metaOf(view), id)),
    onChange(listener) {
      const own: typeof listener = (change) => listener(change)
      listeners.add(own)
      return () => void listeners.delete(own)
    },
    start: async () => close,
    [Symbol.asyncDispose]: close,
  }
}

/** Only the way that a list was asked for by, for lists are kept for others too. */
function metaOf(view: View): Meta | undefined {
  const via = view instanceof Context ? view.meta?.['fastmcp/via'] : undefined
  return via === undefined ? undefined : { 'fastmcp/via': via }
}

function isServerObject(target: ProxyTarget): target is ServerObject {
  return typeof target === 'object' && '~connect' in target
}

function complain(problem: Error): void {
  console.error(`[fastmcp] ${problem.message}`)
}
