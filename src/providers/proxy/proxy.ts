import type { Components, Kind } from '../../components/component.ts'
import { andThen } from '../../components/thenable.ts'
import type { Awaitable } from '../../engine/call.ts'
import { noteBelow } from '../lineage.ts'
import { createListeners } from '../listeners.ts'
import type { Provider, View } from '../provider.ts'
import { checkForwarded } from './caller.ts'
import { wayOnward } from './chain.ts'
import { checkTarget } from './check-target.ts'
import { isConfig, type ProxyConfig, proxyAll } from './config.ts'
import { createConnections } from './connections.ts'
import { Waiting } from './conversation.ts'
import { listFailureFrom } from './failure.ts'
import { isCommand, isServerObject } from './opener.ts'
import { type ProxyOptions, type ProxyTarget, settingsFrom } from './options.ts'
import { createRelay } from './relay.ts'
import type { Asking, Stock } from './stock.ts'
import { createStocks } from './stocks.ts'
import { createTell } from './telling.ts'
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
  if (isConfig(target)) return proxyAll(target, options, proxyOf)
  checkTarget('proxy', target)
  return proxyOf(target, options)
}

function proxyOf(target: ProxyTarget, options: ProxyOptions): Provider & AsyncDisposable {
  const settings = settingsFrom(options, isCommand(target))
  const names = checkForwarded(options.forwardHeaders)
  // Throws where this program runs behind too many already.
  wayOnward(NOBODY, '')
  // Made once it is needed: at the edge nothing is random before the first request.
  let id: string | undefined
  const idOf = (): string => {
    id ??= crypto.randomUUID()
    return id
  }
  const { onError: report } = settings
  const told = (problem: unknown): unknown => listFailureFrom(problem, report)
  const connections = createConnections({ idOf, target, settings, names, told })
  const waiting = new Waiting()
  const listeners = createListeners()
  const tell = createTell(listeners.tell)

  const watches = createWatches({
    hearersOf: connections.hearersOf,
    // Calls find a connection that is not kept for this.
    mostCallers: Math.max(1, settings.maxSessions - Math.ceil(settings.maxSessions / 8)),
    session: connections.of,
    tell,
    report,
  })
  const relay = createRelay({
    idOf,
    timeout: settings.timeout,
    waiting,
    session: connections.of,
    outdated: (context) => void andThen(stockOf(context), (stock) => stock.renew(['tool'])),
    report,
  })
  const stocks = createStocks({
    settings,
    isPersonal: connections.isPersonal,
    ownMeta: () => wayOnward(NOBODY, idOf()),
    relay,
    watches,
    told,
    tell,
  })
  const stockOf = (view: View): Awaitable<Stock> => andThen(connections.audienceOf(view), stocks.of)
  const askingOf = (view: View): Asking => ({
    // Only who has to be asked is told the way.
    get meta() {
      return wayOnward(view, idOf())
    },
    version: view.version,
    hearers: () => connections.hearersOf(view),
    session: () => connections.of(view),
  })
  const close = async (): Promise<void> => {
    watches.close()
    stocks.close()
    waiting.end(new Error('The proxy is closed'))
    await connections.close()
  }

  const provider: Provider & AsyncDisposable = {
    isRemote: true,
    get perCaller() {
      return connections.tellsApart
    },
    list: <K extends Kind>(kind: K, view: View): Awaitable<readonly Components[K][]> =>
      andThen(stockOf(view), (stock) => stock.list(kind, askingOf(view))),
    find: <K extends Kind>(kind: K, name: string, view: View): Awaitable<Components[K] | undefined> =>
      andThen(stockOf(view), (stock) => stock.find(kind, name, askingOf(view))),
    listHint: stocks.listHint,
    onChange: listeners.add,
    async start() {
      connections.reopen()
      return close
    },
    [Symbol.asyncDispose]: close,
  }
  return isServerObject(target) ? noteBelow(provider, () => [target]) : provider
}

/** Lists are asked for anew without anybody who asks. */
const NOBODY: View = { auth: undefined, sessionId: undefined }
