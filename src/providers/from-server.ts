import type { AnyComponent, CompletionAsk, Components, Kind } from '../components/component.ts'
import { faceOf } from '../components/face.ts'
import { andThen } from '../components/thenable.ts'
import { backstageOf } from '../engine/backstage.ts'
import type { Awaitable, Call, Handle } from '../engine/call.ts'
import type { Context } from '../engine/context.ts'
import type { CompletionReference, Method, ParamsOf, ResultOf } from '../protocol/methods.ts'
import { resourceNotFound } from '../protocol/resource-not-found.ts'
import type { Provider, View } from './provider.ts'
import { seenThrough } from './seen-through.ts'

/** The part of a server that makes it mountable. */
export interface MountableServer {
  readonly provider: Provider
  readonly handle: Handle
  /** What a server has for one that mounts it, where it has more than `handle`. */
  '~mounted'?(): Mounted
}

/** A server inside another. */
export interface Mounted {
  /** In place of `handle`, for calls that come through the other server. */
  readonly handle: Handle
  /** Begins what runs beside the calls; gives what ends it. */
  start(): Promise<() => Promise<void>>
  /** In place of the provider's: also what the server was told of. */
  onChange: Provider['onChange']
  /** In place of the provider's: no less strict than what the server was told of its lists. */
  listHint: NonNullable<Provider['listHint']>
}

/**
 * A child server as a provider. Its components keep their definitions, but every call of them goes
 * through the child's own `handle`, so that its middleware runs and its errors are told its way.
 *
 * @example
 * const everything = combine([local, fromServer(child)])
 */
export function fromServer(server: MountableServer): Provider {
  const { provider } = server
  const mounted = server['~mounted']?.()
  const ask = createAsk(mounted?.handle ?? server.handle)
  const known = new WeakMap<AnyComponent, AnyComponent>()
  const lists = new WeakMap<object, readonly AnyComponent[]>()

  const wrap = <C extends AnyComponent>(component: C): C => {
    const wrapped = known.get(component) ?? redirect(component, { ask: askFor(component.version, ask), provider })
    known.set(component, wrapped)
    // Redirected components are of the kind they were.
    return wrapped as C
  }
  const wrapAll = <C extends AnyComponent>(list: readonly C[]): readonly C[] => {
    const wrapped = lists.get(list) ?? Object.freeze(list.map(wrap))
    lists.set(list, wrapped)
    // The same components in the same order.
    return wrapped as readonly C[]
  }

  return seenThrough(provider, {
    below: server,
    list<K extends Kind>(kind: K, view: View): Awaitable<readonly Components[K][]> {
      const list = provider.list(kind, view)
      return list instanceof Promise ? list.then(wrapAll) : wrapAll(list)
    },
    find<K extends Kind>(kind: K, id: string, view: View): Awaitable<Components[K] | undefined> {
      const found = provider.find(kind, id, view)
      return found instanceof Promise ? found.then((component) => component && wrap(component)) : found && wrap(found)
    },
    start: mounted?.start,
    ...(mounted && { onChange: mounted.onChange, listHint: mounted.listHint }),
  })
}

/** Asks one operation of the child. */
type Ask = <M extends Method>(method: M, params: ParamsOf<M>, context: Context) => Awaitable<ResultOf<M>>

function createAsk(handle: Handle): Ask {
  return (method, params, context) =>
    // Method and parameters fit by `Ask`, and a handle gives the result of the method it was asked.
    handle({ method, params, context } as Call) as Awaitable<ResultOf<typeof method>>
}

interface Child {
  readonly ask: Ask
  readonly provider: Provider
}

/** Whoever was found is asked, though the child would take its highest version. */
function askFor(version: string | undefined, ask: Ask): Ask {
  return version === undefined
    ? ask
    : (method, params, context) => ask(method, params, backstageOf(context).wanting(version))
}

function redirect(component: AnyComponent, { ask, provider }: Child): AnyComponent {
  switch (component.kind) {
    case 'tool':
      return Object.freeze({ ...faceOf(component), call: callOf(component.id, ask) })
    case 'resource':
      return Object.freeze({ ...faceOf(component), ...watchOf(component), read: readOf(ask) })
    case 'template':
      return Object.freeze({
        ...faceOf(component),
        ...watchOf(component),
        matches: (uri: string) => component.matches(uri),
        read: readTemplate(component, { ask, provider }),
        complete: completeOf({ type: 'ref/resource', uri: component.id }, ask),
      })
    case 'prompt':
      return Object.freeze({
        ...faceOf(component),
        get: (args: Readonly<Record<string, string>>, context: Context) =>
          ask('prompts/get', { name: component.id, arguments: args }, context),
        complete: completeOf({ type: 'ref/prompt', name: component.id }, ask),
      })
  }
}

/** Whoever may read it was found by the child. */
function watchOf(component: Components['resource' | 'template']): Pick<Components['resource'], 'watch'> {
  if (component.watch === undefined) return {}
  return { watch: (uri, context) => component.watch?.(uri, context) ?? (() => undefined) }
}

function callOf(name: string, ask: Ask): Components['tool']['call'] {
  return (args, context) => {
    // Whatever its shape, the child checks it as it would a client's.
    const given = args as ParamsOf<'tools/call'>['arguments']
    return ask('tools/call', given === undefined ? { name } : { name, arguments: given }, context)
  }
}

function readOf(ask: Ask): Components['resource']['read'] {
  return (uri, context) => ask('resources/read', { uri }, context)
}

/**
 * The child looks again for who answers a URI. Where that is another one than the template that was found here, the first may
 * be hidden from here, and is not reached by the second.
 */
function readTemplate({ id }: Components['template'], { ask, provider }: Child): Components['template']['read'] {
  const read = readOf(ask)
  return (uri, context) =>
    andThen(provider.find('resource', uri, context), (fixed) =>
      andThen(fixed ?? provider.find('template', uri, context), (answering) => {
        if (answering?.id === id) return read(uri, context)
        throw resourceNotFound(uri)
      }),
    )
}

function completeOf(ref: CompletionReference, ask: Ask): Components['prompt']['complete'] {
  return ({ name, value, others }: CompletionAsk, context) =>
    ask('completion/complete', { ref, argument: { name, value }, context: { arguments: others } }, context)
}
