import type { Kind } from '../../components/component.ts'
import type { Awaitable } from '../../engine/call.ts'
import { McpError } from '../../protocol/errors.ts'
import type { Method, ResultOf } from '../../protocol/methods.ts'
import { type CatalogPage, LIST_MEMBERS } from '../catalog.ts'
import type { Operation, Serving } from './operation.ts'

type ListMethod = Extract<Method, `${string}/list`>

/** Lists one kind. A kind that the server neither has nor declares is no method of it. */
export function listOf<M extends ListMethod>(kind: Kind): Operation<M> {
  return (call, serving) => {
    const page = serving.catalog.page(kind, call.context, call.params.cursor)
    // The member that LIST_MEMBERS names is the one that the result of this method has.
    return (
      page instanceof Promise ? page.then((known) => shown(kind, known, serving)) : shown(kind, page, serving)
    ) as Awaitable<ResultOf<M>>
  }
}

function shown(kind: Kind, page: CatalogPage, serving: Serving): CatalogPage {
  const definitions = page[LIST_MEMBERS[kind]] as readonly unknown[]
  if (definitions.length > 0 || serving.held(kind) || isDeclared(kind, serving)) return page
  throw new McpError('METHOD_NOT_FOUND', `This server has no ${LIST_MEMBERS[kind]}`)
}

function isDeclared(kind: Kind, { declared }: Serving): boolean {
  const { tools, prompts, resources } = declared({ resultTypes: true })
  if (kind === 'tool') return tools !== undefined
  return (kind === 'prompt' ? prompts : resources) !== undefined
}
