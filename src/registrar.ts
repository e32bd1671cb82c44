import type { AnyComponent, Kind } from './components/component.ts'
import { createOverlaps } from './components/uri-overlap.ts'
import type { Change, Stop } from './engine/application.ts'
import { FastMCPError } from './protocol/errors.ts'
import { combine } from './providers/combine.ts'
import { fromServer, type MountableServer } from './providers/from-server.ts'
import { createLocalProvider, type DuplicatePolicy } from './providers/local.ts'
import type { Provider } from './providers/provider.ts'
import { createSwitches } from './providers/switches.ts'
import { createChanges } from './server/changes.ts'
import type { Report } from './server/mask.ts'

/** Something that can be mounted: a provider, or a server, whose own onion then stays around its components. */
export type Source = Provider | MountableServer

/** Where components and sources of a server are put; what it holds is one provider. */
export interface Registrar {
  readonly provider: Provider
  /** Registers components. Throws for each that cannot be, after registering all that can. */
  add(components: readonly AnyComponent[]): void
  /** Takes a component out; returns whether it was there. */
  remove(kind: Kind, id: string): boolean
  /** Turns a component off and on again, from wherever it comes; each returns whether that changed anything. */
  disable(kind: Kind, id: string): boolean
  enable(kind: Kind, id: string): boolean
  /** Whether a change is one of something that is turned off. */
  hides(change: Change): boolean
  /** Whether anything of a kind was ever registered here: what clients have seen once they may list again. */
  held(kind: Kind): boolean
  /** Adds a whole source, live, behind what is already there. The function it returns takes it out again. */
  mount(source: Source): Stop
}

/** How a registrar is set up. */
export interface RegistrarOptions {
  /** What a second component of one name does. */
  readonly onDuplicate: DuplicatePolicy
  /** Told of templates that match the same URIs. */
  readonly report: Report
}

/** Makes an empty registrar. */
export function createRegistrar({ onDuplicate, report }: RegistrarOptions): Registrar {
  const local = createLocalProvider({ onDuplicate })
  const overlaps = createOverlaps()
  const changes = createChanges((problem) => {
    throw problem
  })
  let sources: readonly Provider[] = [local]
  let whole = combine(sources)
  let stop = whole.onChange(changes.publish)

  const regroup = (next: readonly Provider[]): void => {
    stop()
    sources = next
    whole = combine(sources)
    stop = whole.onChange(changes.publish)
    for (const kind of ['tool', 'resource', 'template', 'prompt'] as const) changes.publish({ kind } satisfies Change)
  }

  const held = new Set<Kind>()
  const switches = createSwitches({
    get perCaller() {
      return whole.perCaller === true
    },
    list: (kind, view) => whole.list(kind, view),
    find: (kind, id, view) => whole.find(kind, id, view),
    onChange: changes.subscribe,
  })

  return {
    provider: switches.provider,
    disable: switches.disable,
    enable: switches.enable,
    hides: switches.hides,
    held: (kind) => held.has(kind),
    add(components) {
      for (const { kind } of components) held.add(kind)
      const addOne = (component: AnyComponent): void => {
        local.add(component)
        if (component.kind !== 'template') return
        const first = overlaps.add(component.id)
        if (first !== undefined) report(overlapping(component.id, first), { during: 'registration' })
      }
      const problems = components.flatMap((component) => problemOf(() => addOne(component)))
      if (problems.length === 1) throw problems[0]
      if (problems.length > 1) throw new AggregateError(problems, problems.map(String).join('\n'))
    },
    remove(kind, id) {
      if (kind === 'template') overlaps.remove(id)
      return local.remove(kind, id)
    },
    mount(source) {
      const provider = 'handle' in source ? fromServer(source) : source
      regroup([...sources, provider])
      return () => {
        if (sources.includes(provider)) regroup(sources.filter((known) => known !== provider))
      }
    },
  }
}

/** The one registered first answers, which its author may not have meant. */
function overlapping(template: string, first: string): FastMCPError {
  const words = `Both "${first}" and "${template}" match some URIs: "${first}" answers those, for it came first`
  return new FastMCPError('TEMPLATES_OVERLAP', words)
}

function problemOf(work: () => void): unknown[] {
  try {
    work()
    return []
  } catch (problem) {
    return [problem]
  }
}
