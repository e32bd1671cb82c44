import type { AnyComponent, Kind } from './components/component.ts'
import { createOverlaps } from './components/uri-overlap.ts'
import type { Change, Stop } from './engine/application.ts'
import { FastMCPError } from './protocol/errors.ts'
import { createLocalProvider, type DuplicatePolicy } from './providers/local.ts'
import type { Provider, Transform } from './providers/provider.ts'
import { createSwitches } from './providers/switches.ts'
import type { Report } from './server/mask.ts'
import { createSources, type Mounting, type Source } from './sources.ts'

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
  mount(source: Source, mounting?: Mounting): Stop
  /** Changes how everything is seen, what comes later too. The function it returns undoes it. */
  transform(transforms: readonly Transform[]): Stop
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
  const sources = createSources(local, report)
  const held = new Set<Kind>()
  const switches = createSwitches(sources.provider)

  return {
    provider: switches.provider,
    disable: switches.disable,
    enable: switches.enable,
    hides: switches.hides,
    held: (kind) => held.has(kind),
    add(components) {
      for (const { kind } of components) held.add(kind)
      const addOne = (component: AnyComponent): void => {
        if (onDuplicate === 'error') sources.checkFree(component)
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
    mount: sources.mount,
    transform: sources.transform,
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
