import type { Application, CacheHint } from '../engine/application.ts'
import type { Awaitable, Handle } from '../engine/call.ts'
import { composeByMethod, type MatchedLayer } from '../middleware/match.ts'
import type { ServerCapabilities } from '../protocol/capabilities.ts'
import type { Implementation } from '../protocol/definitions.ts'
import type { Provider } from '../providers/provider.ts'
import { createCatalog } from './catalog.ts'
import { createChanges } from './changes.ts'
import { createDispatch } from './dispatch.ts'
import { maskErrors, type Report } from './mask.ts'

/** What a core is made of. */
export interface CoreOptions {
  readonly identity: Implementation
  readonly instructions: string | undefined
  readonly declared: ServerCapabilities
  readonly provider: Provider
  readonly pageSize: number
  readonly cacheHint: (method: string) => CacheHint
  readonly report: Report
}

/** A server without conveniences: a provider behind an onion. */
export interface Core extends Application {
  readonly provider: Provider
  /** Adds layers inside those already there. Counts for every call that begins afterwards. */
  use(layer: MatchedLayer): void
  /** Tells every listener of a change that no provider saw. */
  readonly changed: (change: Parameters<Parameters<Application['onChange']>[0]>[0]) => void
}

/** Makes the function `Call -> Result` and what an era needs beside it. */
export function createCore(options: CoreOptions): Core {
  const { identity, provider, report, cacheHint } = options
  const changes = createChanges((problem) => report(problem, { during: 'a change' }))
  provider.onChange(changes.publish)
  const dispatch = createDispatch({ ...options, catalog: createCatalog(provider, options.pageSize) })
  const layers: MatchedLayer[] = []
  let onion: Handle = maskErrors(dispatch, report)

  return {
    identity,
    provider,
    report,
    cacheHint,
    handle: (call) => onion(call),
    toolNamed: (name, context) => then(provider.find('tool', name, context), (tool) => tool?.definition),
    canRead: (uri, context) =>
      then(
        provider.find('resource', uri, context),
        (resource) =>
          resource !== undefined || then(provider.find('template', uri, context), (template) => template !== undefined),
      ),
    onChange: changes.subscribe,
    changed: changes.publish,
    use(layer) {
      layers.push(layer)
      onion = maskErrors(composeByMethod([...layers], dispatch), report)
    },
  }
}

/** Goes on with a value, now if it is here. */
function then<T, U>(value: Awaitable<T>, next: (value: T) => Awaitable<U>): Awaitable<U> {
  return value instanceof Promise ? value.then(next) : next(value)
}
