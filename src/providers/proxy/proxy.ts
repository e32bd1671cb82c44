import type { Components, Kind } from '../../components/component.ts'
import type { Awaitable } from '../../engine/call.ts'
import { Context } from '../../engine/context.ts'
import { noteBelow } from '../lineage.ts'
import { createListeners } from '../listeners.ts'
import type { Provider, View } from '../provider.ts'
import { type Abilities, abilitiesOf } from './abilities.ts'
import { type Caller, callerOf, checkForwarded } from './caller.ts'
import { wayOnward, writeWay } from './chain.ts'
import { isConfig, type ProxyConfig, proxyAll } from './config.ts'
import { Waiting } from './conversation.ts'
import { listFailureFrom } from './failure.ts'
import { createOpener, isCommand, isServerObject } from './opener.ts'
import { type ProxyOptions, type ProxyTarget, settingsFrom } from './options.ts'
import { createPool } from './pool.ts'
import { createRelay } from './relay.ts'
import type { Session } from './session.ts'
import type { Asking } from './stock.ts'
import { createStocks } from './stocks.ts'
import { createWatches } from './watches.ts'

/**
 * A server elsewhere as a source: everything it has, live, with progress, logs, questions, cancellation and completions, for
 * callers of both eras whatever it speaks itself. It is connected to when it is first needed, once for each caller, and what
 * a caller sent in headers stays here.
 *
 * @example
 * mcp.mount('github', proxy('https://example.com/mcp', { headers: { authorization: `Bearer ${token}` } }))
 * mcp.mount('files', proxy({ command: 'files-mcp', args: ['/data'] }))
 *
 * @example
 * mcp.mount(proxy({ mcpServers: { github: { url }, files: { command: 'files-mcp', excludeTags: ['admin'] } } })) // github_…, files_…
 */
export function proxy(target: ProxyTarget | ProxyConfig, options: ProxyOptions = {}): Provider & AsyncDisposable {
  return isConfig(target) ? proxyAll(target, options, proxyOf) : proxyOf(target, options)
}

function proxyOf(target: ProxyTarget, options: ProxyOptions): Provider & AsyncDisposable {
  const settings = settingsFrom(options, isCommand(target))
  const names = checkForwarded(options.forwardHeaders)
  const id = crypto.randomUUID()
  const { onError: report } = settings
  const isPerCaller = options.headersFor !== undefined || names.length > 0 || isServerObject(target)
  const told = (problem: unknown): unknown => listFailureFrom(problem, report)
  const pool = createPool({ mostSessions: settings.maxSessions, idleMs: settings.idle, told })
  const open = createOpener(target, settings)
  const waiting = new Waiting()
  const listeners = createListeners()

  let remembers = options.era !== 'stateless'
  const opened = async (caller: Caller, abilities: Abilities, way: string): Promise<Session> => {
    const session = await open(caller, abilities, way)
    // A server that remembers nothing between two calls can serve all who may do the same over one connection.
    remembers = session.client.era === 'stateful'
    return session
  }
  const sessionOf = (view: View): Session | Promise<Session> => {
    const caller = callerOf(view, names)
    const abilities = view instanceof Context ? abilitiesOf(view.server.clientCapabilities) : abilitiesOf({})
    const key = `${abilities.key} ${remembers ? caller.connectionKey : caller.key}`
    const ready = pool.get(key)
    if (ready !== undefined) return ready
    const way = writeWay(wayOnward(view, id))
    // Whoever comes by another proxy waits for no connection that may wait for that very proxy.
    return pool.take(way === id ? key : `${key} ${way}`, () => opened(caller, abilities, way))
  }

  const watches = createWatches({
    keyOf: (context) => (isPerCaller ? callerOf(context, names).key : ''),
    session: async (context) => sessionOf(context),
    onChange: listeners.tell,
    report,
  })
  const relay = createRelay({
    id,
    timeout: settings.timeout,
    waiting,
    session: sessionOf,
    outdated: () => stocks.renew(['tool']),
    report,
  })
  const stocks = createStocks({
    settings,
    isPerCaller,
    ownMeta: wayOnward(NOBODY, id),
    relay,
    watches,
    told,
    onChange: listeners.tell,
  })
  const askingOf = (view: View): Asking => ({
    // Only who has to be asked is told the way.
    get meta() {
      return wayOnward(view, id)
    },
    version: view.version,
    session: async () => sessionOf(view),
  })
  const keyOf = (view: View): string => (isPerCaller ? callerOf(view, names).key : '')
  const close = async (): Promise<void> => {
    watches.close()
    stocks.close()
    waiting.end(new Error('The proxy is closed'))
    await pool.close()
  }

  const provider: Provider & AsyncDisposable = {
    isRemote: true,
    perCaller: isPerCaller,
    list: <K extends Kind>(kind: K, view: View): Awaitable<readonly Components[K][]> =>
      stocks.of(keyOf(view)).list(kind, askingOf(view)),
    find: <K extends Kind>(kind: K, name: string, view: View): Awaitable<Components[K] | undefined> =>
      stocks.of(keyOf(view)).find(kind, name, askingOf(view)),
    listHint: stocks.listHint,
    onChange: listeners.add,
    async start() {
      pool.reopen()
      return close
    },
    [Symbol.asyncDispose]: close,
  }
  return isServerObject(target) ? noteBelow(provider, () => [target]) : provider
}

/** Lists are asked for anew without anybody who asks. */
const NOBODY: View = { auth: undefined, sessionId: undefined }
