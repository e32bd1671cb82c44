import type { AnyComponent, Kind } from './components/component.ts'
import type { Change, Stop } from './engine/application.ts'
import type { Handle } from './engine/call.ts'
import { combine } from './providers/combine.ts'
import { fromServer } from './providers/from-server.ts'
import { createLocalProvider, type DuplicatePolicy } from './providers/local.ts'
import type { Provider } from './providers/provider.ts'
import { createChanges } from './server/changes.ts'

/** Something that can be mounted: a provider, or a server, whose own onion then stays around its components. */
export type Source = Provider | { readonly provider: Provider; readonly handle: Handle }

/** Where components and sources of a server are put; what it holds is one provider. */
export interface Registrar {
  readonly provider: Provider
  /** Registers components. Throws for each that cannot be, after registering all that can. */
  add(components: readonly AnyComponent[]): void
  /** Takes a component out; returns whether it was there. */
  remove(kind: Kind, id: string): boolean
  /** Adds a whole source, live, behind what is already there. The function it returns takes it out again. */
  mount(source: Source): Stop
}

/** Makes an empty registrar. `onDuplicate` says what a second component of one name does. */
export function createRegistrar(onDuplicate: DuplicatePolicy): Registrar {
  const local = createLocalProvider({ onDuplicate })
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

  return {
    provider: {
      list: (kind, view) => whole.list(kind, view),
      find: (kind, id, view) => whole.find(kind, id, view),
      onChange: changes.subscribe,
    },
    add(components) {
      const problems = components.flatMap((component) => problemOf(() => local.add(component)))
      if (problems.length === 1) throw problems[0]
      if (problems.length > 1) throw new AggregateError(problems, problems.map(String).join('\n'))
    },
    remove: (kind, id) => local.remove(kind, id),
    mount(source) {
      const provider = 'handle' in source ? fromServer(source) : source
      regroup([...sources, provider])
      return () => {
        if (sources.includes(provider)) regroup(sources.filter((known) => known !== provider))
      }
    },
  }
}

function problemOf(work: () => void): unknown[] {
  try {
    work()
    return []
  } catch (problem) {
    return [problem]
  }
}
