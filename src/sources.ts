import { checkKeys } from './components/check-keys.ts'
import { type AnyComponent, KINDS } from './components/component.ts'
import type { Stop } from './engine/application.ts'
import { DefinitionError } from './protocol/errors.ts'
import { collisionError, collisionsNow, type NamedSource } from './providers/collisions.ts'
import { combine, type OnCollision, PartIndex } from './providers/combine.ts'
import { fromServer, type MountableServer } from './providers/from-server.ts'
import { isWithin, noteBelow } from './providers/lineage.ts'
import { listHintOf } from './providers/list-hints.ts'
import { longNamesIn } from './providers/long-names.ts'
import type { Provider, Transform } from './providers/provider.ts'
import { isSteady, noteChange, noteSteady } from './providers/steady.ts'
import { createChanges } from './server/changes.ts'
import type { Report } from './server/mask.ts'
import { type NamespaceOptions, namespace } from './transforms/namespace.ts'

/** Something that can be mounted: a provider, or a server, whose own onion then stays around its components. */
export type Source = Provider | MountableServer

/** Where a source is put, and what it is called in messages. */
export interface Mounting extends NamespaceOptions {
  /** In front of all its names and URIs. */
  readonly namespace?: string | undefined
}

/** Everything that a server has, from wherever it comes, as one provider. */
export interface Sources {
  readonly provider: Provider
  /** Adds a source, live, behind those already there. Throws `DefinitionError`. The function it returns takes it out again. */
  mount(source: Source, mounting?: Mounting): Stop
  /** Changes how everything is seen, what comes later too. The function it returns undoes it. */
  transform(transforms: readonly Transform[]): Stop
  /** Throws where a component to be registered has the id of one that is mounted. */
  checkFree(component: AnyComponent): void
}

/** Makes the sources of a server around what it has registered itself. */
export function createSources(local: Provider, report: Report): Sources {
  const own: NamedSource = { provider: local, label: 'the server itself' }
  const changes = createChanges((problem) => {
    throw problem
  })
  let transforms: readonly Transform[] = []
  const told = new Set<string>()
  const index = new PartIndex()
  let mounted: readonly NamedSource[] = []
  let whole = local
  let wasAsked = false
  let stop = local.onChange(changes.publish)

  const all = (): readonly NamedSource[] => [own, ...mounted]
  const tellOnce = ({ kind, id }: AnyComponent, first = '', second = ''): void => {
    const problem = collisionError({ kind, id, first, second })
    if (told.size > MOST_TOLD || told.has(problem.message)) return
    told.add(problem.message)
    report(problem, { during: 'mounting', answers: first })
  }
  const seen = (sources: readonly NamedSource[], through: readonly Transform[]): readonly [Provider, Provider] => {
    const onCollision: OnCollision = (component, first, second) =>
      tellOnce(component, sources[first]?.label, sources[second]?.label)
    const parts = sources.map(({ provider }) => provider)
    const together = combine(parts, { onCollision, index })
    try {
      return [together, through.reduce((source, transform) => transform(source), together)]
    } finally {
      // A transform may have looked for something in what does not come in after all.
      index.clear()
    }
  }
  /** Whatever cannot be seen so throws before anything has changed. */
  const regroup = (next: readonly NamedSource[], through = transforms): void => {
    const [together, outermost] = seen([own, ...next], through)
    stop()
    mounted = next
    transforms = through
    whole = outermost
    noteChange()
    const stopIndex = together.onChange(() => index.clear())
    const stopWhole = whole.onChange(changes.publish)
    stop = () => {
      stopIndex()
      stopWhole()
    }
    for (const kind of KINDS) changes.publish({ kind })
  }

  const provider: Provider = {
    get perCaller() {
      return whole.perCaller === true
    },
    get isRemote() {
      return whole.isRemote === true
    },
    listHint: (kind, otherwise) => listHintOf(whole, kind, otherwise),
    list(kind, view) {
      wasAsked = true
      return whole.list(kind, view)
    },
    find: (kind, id, view) => whole.find(kind, id, view),
    onChange: changes.subscribe,
  }

  return {
    provider: noteBelow(
      noteSteady(provider, () => isSteady(whole)),
      () => [whole],
    ),
    mount(source, mounting = {}) {
      const added = namedSource(source, mounting, mounted.length)
      // Nobody shall answer from memory.
      noteChange()
      wasAsked = false
      const collisions = collisionsNow(all(), added)
      // Not everything says what it is made of: a source that asks this very server shows it.
      if (wasAsked || isWithin(provider, added.provider)) {
        throw new DefinitionError(added.label, 'a server cannot be mounted into itself, not through others either')
      }
      const [first, ...others] = collisions
      if (first !== undefined) throw collisionError(first, others.length)
      regroup([...mounted, added])
      const tooLong = longNamesIn(added)
      if (tooLong !== undefined) report(tooLong, { during: 'mounting' })
      return () => {
        if (mounted.includes(added)) regroup(mounted.filter((known) => known !== added))
      }
    },
    transform(added) {
      const mine = added.map(ownCopy)
      regroup(mounted, [...transforms, ...mine])
      return () => {
        regroup(
          mounted,
          transforms.filter((transform) => !mine.includes(transform)),
        )
      }
    },
    checkFree({ kind, id }) {
      for (const { provider: other, label } of mounted) {
        if (other.isRemote) continue
        const found = other.find(kind, id, { auth: undefined, sessionId: undefined })
        if (found === undefined || found instanceof Promise || found.id !== id) continue
        throw collisionError({ kind, id, first: label, second: own.label })
      }
    },
  }
}

const MOST_TOLD = 1_000

/** The same transform may be given several times, and is taken out once. */
function ownCopy(transform: Transform): Transform {
  if (typeof transform !== 'function') throw new DefinitionError('transform', 'give transforms, such as hide({ … })')
  return (source) => transform(source)
}

function namedSource(source: Source, { namespace: name, ...options }: Mounting, place: number): NamedSource {
  const provider = 'handle' in source ? fromServer(source) : source
  if (name === undefined) return { provider, label: `mount ${place + 1}` }
  return { provider: namespace(name, options)(provider), label: `mount "${name}"` }
}

/** What `mount` takes: a source, or a namespace before it and options behind. */
export type MountArgs =
  | readonly [source: Source]
  | readonly [namespace: string, source: Source, options?: NamespaceOptions]

/** Tells the arguments of `mount` apart. Throws `DefinitionError` for what is no source. */
export function readMount(args: MountArgs): { readonly source: Source; readonly mounting: Mounting } {
  const [first, second, options] = args
  const [source, mounting]: [Source | undefined, Mounting] =
    typeof first === 'string' ? [second, { namespace: first, ...options }] : [first, {}]
  if (options !== undefined) checkKeys('mount', options, ['separator'])
  if (typeof first !== 'string' && second !== undefined) {
    throw new DefinitionError('mount', 'give the namespace before the source')
  }
  if (typeof source === 'object' && source !== null && ('handle' in source || 'list' in source))
    return { source, mounting }
  if (typeof source === 'string') {
    throw new DefinitionError('mount', 'for what is elsewhere give proxy(…) of @fastmcp/ts/proxy')
  }
  throw new DefinitionError('mount', 'give a server or a provider, with a namespace before it or without')
}
