import type { Components, Kind, Tool } from '../components/component.ts'
import { andThen } from '../components/thenable.ts'
import type { Awaitable } from '../engine/call.ts'
import { DefinitionError } from '../protocol/errors.ts'
import { listHintOf, strictest } from '../providers/list-hints.ts'
import type { Provider, View } from '../providers/provider.ts'
import { seenThrough } from '../providers/seen-through.ts'

type Tools = readonly Tool[]

/**
 * A source with tools of one's own in front. `rest` says which of the source's tools are still listed; all of them can be
 * found as before. The same list stays the same list. Throws `DefinitionError` where the source has a tool of such a name.
 */
export function withTools(source: Provider, added: Tools, rest: (tools: Tools) => Tools = (tools) => tools): Provider {
  const byName = new Map(added.map((tool) => [tool.id, tool]))
  if (byName.size < added.length)
    throw new DefinitionError(`tool "${added[0]?.id}"`, 'give each of them a name of its own')
  checkFree(source, byName)
  const lists = new WeakMap<object, Tools>()
  const listed = (tools: Tools): Tools => {
    const known = lists.get(tools) ?? Object.freeze([...added, ...rest(tools).filter(({ id }) => !byName.has(id))])
    lists.set(tools, known)
    return known
  }
  return seenThrough(source, {
    list<K extends Kind>(kind: K, view: View): Awaitable<readonly Components[K][]> {
      const list = source.list(kind, view)
      if (kind !== 'tool') return list
      // Of this kind, by the line above.
      return andThen(list as Awaitable<Tools>, listed) as Awaitable<readonly Components[K][]>
    },
    listHint(kind, otherwise) {
      const below = listHintOf(source, kind, otherwise)
      return kind === 'tool' ? strictest(otherwise, below ?? {}) : below
    },
    find<K extends Kind>(kind: K, id: string, view: View): Awaitable<Components[K] | undefined> {
      const own = kind === 'tool' ? byName.get(id) : undefined
      if (own === undefined) return source.find(kind, id, view)
      return view.version === undefined ? (own as Components[K]) : undefined // a tool, as was asked for, of no version
    },
  })
}

/** Sources that are elsewhere are not asked: what they have of the name is not shown. */
function checkFree(source: Provider, byName: ReadonlyMap<string, Tool>): void {
  const tools = source.isRemote ? [] : source.list('tool', { auth: undefined, sessionId: undefined })
  if (tools instanceof Promise) {
    // Whoever lists it next hears of what went wrong.
    tools.catch(() => undefined)
    return
  }
  const taken = tools.find(({ id }) => byName.has(id))
  if (taken === undefined) return
  throw new DefinitionError(`tool "${taken.id}"`, 'the source has one already; give the added one another name')
}
