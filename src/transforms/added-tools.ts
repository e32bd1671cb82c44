import type { Components, Kind, Tool } from '../components/component.ts'
import { andThen } from '../components/thenable.ts'
import type { Awaitable } from '../engine/call.ts'
import { noteBelow } from '../providers/lineage.ts'
import type { Provider, View } from '../providers/provider.ts'

type Tools = readonly Tool[]

/**
 * A source with tools of one's own in front. `rest` says which of the source's tools are still listed; all of them can be
 * found as before. The same list stays the same list.
 */
export function withTools(source: Provider, added: Tools, rest: (tools: Tools) => Tools = (tools) => tools): Provider {
  const byName = new Map(added.map((tool) => [tool.id, tool]))
  const lists = new WeakMap<object, Tools>()
  const listed = (tools: Tools): Tools => {
    const known = lists.get(tools) ?? Object.freeze([...added, ...rest(tools).filter(({ id }) => !byName.has(id))])
    lists.set(tools, known)
    return known
  }
  const seen: Provider = {
    get perCaller() {
      return source.perCaller === true
    },
    get isRemote() {
      return source.isRemote === true
    },
    start: source.start,
    list<K extends Kind>(kind: K, view: View): Awaitable<readonly Components[K][]> {
      const list = source.list(kind, view)
      if (kind !== 'tool') return list
      // Of this kind, by the line above.
      return andThen(list as Awaitable<Tools>, listed) as Awaitable<readonly Components[K][]>
    },
    find<K extends Kind>(kind: K, id: string, view: View): Awaitable<Components[K] | undefined> {
      const own = kind === 'tool' ? byName.get(id) : undefined
      return own === undefined ? source.find(kind, id, view) : (own as Components[K]) // a tool, as was asked for
    },
    onChange: (listener) => source.onChange(listener),
  }
  return noteBelow(seen, () => [source])
}
