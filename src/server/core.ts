import type { Kind } from '../components/component.ts'
import type { Application, CacheHint } from '../engine/application.ts'
import type { Awaitable, Handle } from '../engine/call.ts'
import { composeByMethod, type MatchedLayer, matches } from '../middleware/match.ts'
import { isPerCaller } from '../middleware/per-caller.ts'
import type { ServerCapabilities } from '../protocol/capabilities.ts'
import type { Implementation } from '../protocol/definitions.ts'
import type { MountableServer } from '../providers/from-server.ts'
import type { Provider } from '../providers/provider.ts'
import { createCatalog } from './catalog.ts'
import { type Changes, createChanges, createServerChanges } from './changes.ts'
import { createDispatch } from './dispatch.ts'
import type { Extension, ExtensionHost } from './extension.ts'
import { createExtensions } from './extensions.ts'
import { createLifespan, type Lifespan } from './lifespan.ts'
import { maskErrors, type Report } from './mask.ts'
import { createSharing, SHARED_METHODS } from './sharing.ts'

/** What a core is made of. */
export interface CoreOptions {
  readonly identity: Implementation
  readonly instructions: string | undefined
  readonly declared: ServerCapabilities
  readonly provider: Provider
  readonly pageSize: number
  readonly cacheHint: (method: string) => CacheHint
  readonly sampling?: Application['sampling']
  readonly report: Report
  /** Carries changes further than this server; left out, they stay here. */
  readonly changes?: Changes | undefined
  /** Whether anything of a kind was ever registered, even if it is gone or turned off now; left out, only what is there counts. */
  readonly held?: (kind: Kind) => boolean
}

/** A server without conveniences: a provider behind an onion. */
export interface Core extends Application {
  readonly provider: Provider
  /** Calls that come through another server: extensions stay out, for the client agreed on them with that one. */
  readonly mounted: Handle
  /** Adds layers inside those already there. Counts for every call that begins afterwards. */
  use(layer: MatchedLayer): void
  /** Adds an extension, but for its components. Throws `DefinitionError`. */
  extend(extension: Extension): void
  /** Lets a source come in, before it does. Throws `DefinitionError` for one that differs by caller where lists are public. */
  admit(source: Provider | MountableServer): void
  /** Begins and ends what extensions run beside the calls. */
  readonly lifespan: Pick<Lifespan, 'begin' | 'end'>
  /** Tells every listener of a change that no provider saw. */
  readonly changed: (change: Parameters<Parameters<Application['onChange']>[0]>[0]) => void
}

/** Makes the function `Call -> Result` and what an era needs beside it. */
export function createCore(options: CoreOptions): Core {
  const { identity, provider, report } = options
  const fail = (problem: Error): void => report(problem, { during: 'a change' })
  const changes = createServerChanges(options.changes ?? createChanges(fail), fail)
  provider.onChange(changes.publish)
  const sharing = createSharing(options.cacheHint, () => provider.perCaller === true)
  const extensions = createExtensions(options.cacheHint)
  const dispatch = createDispatch({
    ...options,
    held: options.held ?? (() => false),
    extensions,
    declared: (given) => extensions.declare(options.declared, given),
    catalog: createCatalog(provider, options.pageSize),
  })
  const layers: MatchedLayer[] = []
  const around = (handle: Handle): Handle =>
    maskErrors(layers.length === 0 ? handle : composeByMethod([...layers], handle), report)
  let mounted = around(dispatch)
  let onion = mounted

  /** Whatever takes part in a call is joined when it changes, and not when a call comes. */
  const join = (): void => {
    mounted = around(dispatch)
    const whole = around(extensions.wrap(dispatch))
    onion = lifespan.hasBegun ? whole : maskErrors((call) => lifespan.begin().then(() => whole(call)), report)
  }
  const lifespan = createLifespan(join)

  return {
    identity,
    provider,
    report,
    sampling: options.sampling,
    cacheHint: sharing.hint,
    additions: extensions,
    lifespan,
    handle: (call) => onion(call),
    mounted: (call) => mounted(call),
    toolNamed: (name, context) => then(provider.find('tool', name, context), (tool) => tool?.definition),
    canRead: (uri, context) =>
      then(
        provider.find('resource', uri, context),
        (resource) =>
          resource !== undefined || then(provider.find('template', uri, context), (template) => template !== undefined),
      ),
    onChange: changes.subscribe,
    changed: changes.announce,
    use(layer) {
      if (isPerCaller(layer.layer)) {
        const methods = SHARED_METHODS.filter((method) => matches(layer.pattern, method))
        sharing.refuse(`layer for ${layer.pattern}`, methods)
      }
      layers.push(layer)
      join()
    },
    extend(extension) {
      if (extension.provider?.perCaller) sharing.refuse(`extension ${extension.id}`, SHARED_METHODS)
      extensions.add(extension)
      const host: ExtensionHost = {
        name: identity.name,
        changed: changes.announce,
        report: (problem, facts) => report(problem, { extension: extension.id, ...facts }),
      }
      if (extension.start) lifespan.add({ start: () => extension.start?.(host) })
      join()
    },
    admit(source) {
      const { perCaller } = 'handle' in source ? source.provider : source
      if (perCaller) sharing.refuse('mount', SHARED_METHODS)
      const inner = 'handle' in source ? source['~mounted']?.() : undefined
      if (inner !== undefined) lifespan.add(inner)
    },
  }
}

/** Goes on with a value, now if it is here. */
function then<T, U>(value: Awaitable<T>, next: (value: T) => Awaitable<U>): Awaitable<U> {
  return value instanceof Promise ? value.then(next) : next(value)
}
