import type { Kind } from '../components/component.ts'
import { andThen } from '../components/thenable.ts'
import type { Application } from '../engine/application.ts'
import { backstageOf } from '../engine/backstage.ts'
import type { Awaitable, Call, Handle } from '../engine/call.ts'
import type { Home } from '../engine/home.ts'
import { composeByMethod, type MatchedLayer, matches } from '../middleware/match.ts'
import { isPerCaller } from '../middleware/per-caller.ts'
import { screenOf } from '../middleware/screen.ts'
import type { ServerCapabilities } from '../protocol/capabilities.ts'
import type { Implementation } from '../protocol/definitions.ts'
import type { MountableServer } from '../providers/from-server.ts'
import { latest } from '../providers/latest.ts'
import type { Provider } from '../providers/provider.ts'
import { afterStart } from './after-start.ts'
import { createCatalog } from './catalog.ts'
import { type Changes, createChanges, createServerChanges } from './changes.ts'
import { createDispatch } from './dispatch.ts'
import type { Extension, ExtensionHost } from './extension.ts'
import { createExtensions } from './extensions.ts'
import { createHome } from './home.ts'
import { createKeptReads } from './kept-reads.ts'
import { createLifespan, type Lifespan } from './lifespan.ts'
import { endCalls, maskErrors, type Report } from './mask.ts'
import { createScreens } from './screens.ts'
import { createSharing, type Hints, SHARED_METHODS, type Sharing } from './sharing.ts'
import { createSightings } from './sightings.ts'

/** What a core is made of. */
export interface CoreOptions {
  readonly identity: Implementation
  readonly instructions: string | undefined
  readonly declared: ServerCapabilities
  readonly provider: Provider
  readonly pageSize: number
  readonly hints: Hints
  readonly sampling?: Application['sampling']
  readonly report: Report
  /** Looks on while handlers run. */
  readonly watch?: Application['watch']
  /** What outlives calls. */
  readonly kept?: Application['kept']
  /** Carries changes further than this server; left out, they stay here. */
  readonly changes?: Changes | undefined
  /** Whether anything of a kind was ever registered, even if it is gone or turned off now; left out, only what is there counts. */
  readonly held?: (kind: Kind) => boolean
  /** Opens what all calls share; left out, there is nothing. */
  readonly open?: (() => Awaitable<unknown>) | undefined
}

/** A server without conveniences: a provider behind an onion. */
export interface Core extends Application {
  readonly provider: Provider
  /** Calls that come through another server: extensions stay out, for the client agreed on them with that one. */
  readonly mounted: Handle
  /** What is said of the lists of this server as parts of those of another. */
  readonly listHint: Sharing['listHint']
  /** Adds layers inside those already there. Counts for every call that begins afterwards. */
  use(layer: MatchedLayer): void
  /** Adds an extension, but for its components. Throws `DefinitionError`. */
  extend(extension: Extension): void
  /**
   * Lets a source come in, before it does; gives what ends it once it is gone. Throws `DefinitionError` for one that
   * differs by caller where lists are public.
   */
  admit(source: Provider | MountableServer): () => Promise<void>
  /** Begins and ends what runs beside the calls: the app, mounted servers, extensions. */
  readonly lifespan: Omit<Lifespan, 'add' | 'catchUp'>
  /** Tells every listener of a change that no provider saw. */
  readonly changed: (change: Parameters<Parameters<Application['onChange']>[0]>[0]) => void
}

/** Makes the function `Call -> Result` and what an era needs beside it. */
export function createCore(options: CoreOptions): Core {
  const { identity, report } = options
  const screens = createScreens(options.provider, report)
  const { provider } = screens
  const fail = (problem: Error): void => report(problem, { during: 'a change' })
  const changes = createServerChanges(options.changes ?? createChanges(fail), fail, createSightings(provider))
  provider.onChange(changes.publish)
  const sharing = createSharing(options.hints, provider)
  const extensions = createExtensions(options.hints.hint)
  const keptReads = createKeptReads({ add: (part) => lifespan.add(part), subscribe: changes.subscribe })
  const catalog = createCatalog(latest(provider), options.pageSize)
  const dispatch = createDispatch({
    ...options,
    provider,
    held: (kind) => catalog.hasShown(kind) || options.held?.(kind) === true,
    extensions,
    declared: (given) => extensions.declare(options.declared, given),
    catalog,
    keptReads,
  })
  const home = createHome(options.open)
  const layers: MatchedLayer[] = []
  const around = (handle: Handle, begin: () => Promise<void>): Handle => {
    const whole = layers.length === 0 ? handle : composeByMethod([...layers], handle)
    return lifespan.hasBegun ? whole : afterStart(whole, begin, report)
  }
  let mounted: Handle
  let onion: Handle

  /** Whatever takes part in a call is joined when it changes, and not when a call comes. */
  const join = (): void => {
    mounted = maskErrors(around(dispatch, lifespan.catchUp), report)
    onion = endCalls(around(extensions.wrap(dispatch), lifespan.begin), report, home)
  }
  const lifespan = createLifespan(join)
  if (home.part !== undefined) lifespan.add(home.part)
  join()

  return {
    home,
    identity,
    provider,
    report,
    sampling: options.sampling,
    kept: options.kept,
    watch: options.watch,
    cacheHint: sharing.hint,
    listHint: sharing.listHint,
    additions: extensions,
    lifespan,
    handle: (call) => onion(home.hasApp ? inside(call, home) : call),
    mounted: (call) => mounted(inside(call, home)),
    toolNamed: (name, context, args) =>
      andThen(provider.find('tool', name, context), (tool) =>
        tool === undefined || args === undefined
          ? tool?.definition
          : andThen(screens.admits(tool, args, context), (isAdmitted) => (isAdmitted ? tool.definition : undefined)),
      ),
    canRead: (uri, context) =>
      andThen(
        provider.find('resource', uri, context),
        (resource) =>
          resource !== undefined ||
          andThen(provider.find('template', uri, context), (template) => template !== undefined),
      ),
    follow: (uri, context) =>
      andThen(provider.find('resource', uri, context), (fixed) =>
        andThen(
          fixed ?? provider.find('template', uri, context),
          (readable) => readable?.watch?.(uri, context) ?? (() => undefined),
        ),
      ),
    onChange: changes.subscribe,
    changed(change) {
      // At once, so that nobody reads what is stale after this.
      if (change.kind === 'contents') keptReads.drop(change.uri)
      changes.announce(change)
    },
    use(layer) {
      const screen = screenOf(layer.layer)
      if (screen !== undefined) {
        sharing.refuse(`authorize for ${layer.pattern}`, SHARED_METHODS)
        return screens.add(layer.pattern, screen)
      }
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
      if (extension.provider?.start) lifespan.add({ start: extension.provider.start })
      join()
    },
    admit(source) {
      const { perCaller } = 'handle' in source ? source.provider : source
      if (perCaller) sharing.refuse('mount', SHARED_METHODS)
      const start = 'handle' in source ? source['~mounted']?.().start : source.start
      return start === undefined ? async () => undefined : lifespan.add({ start })
    },
  }
}

/** A call that came by another server is seen with the app of this one. */
function inside(call: Call, home: Home): Call {
  const context = backstageOf(call.context).within(home)
  return context === call.context ? call : ({ ...call, context } as Call) // method and parameters stay as they are
}
