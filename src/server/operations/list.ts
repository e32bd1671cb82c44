import type { Kind } from '../../components/component.ts'
import type { Awaitable, Call } from '../../engine/call.ts'
import type { Context } from '../../engine/context.ts'
import { McpError } from '../../protocol/errors.ts'
import type { Method, ResultOf } from '../../protocol/methods.ts'
import { type CatalogPage, LIST_MEMBERS } from '../catalog.ts'
import type { Operation, Serving } from './operation.ts'

type ListMethod = Extract<Method, `${string}/list`>

/** Lists one kind. A kind that the server neither has nor declares is no method of it. */
export function listOf<M extends ListMethod>(kind: Kind): Operation<M> {
  const shown = (page: CatalogPage, { context }: Pick<Call, 'context'>, serving: Serving): Awaitable<CatalogPage> => {
    const definitions = page[LIST_MEMBERS[kind]] as readonly unknown[]
    if (definitions.length > 0 || serving.held(kind) || isDeclared(kind, serving)) return page
    const has = hasTwin(kind, context, serving)
    if (has instanceof Promise) return has.then((found) => (found ? page : refuse(kind)))
    return has ? page : refuse(kind)
  }
  return (call, serving) => {
    const page = serving.catalog.page(kind, call.context, call.params.cursor)
    const seen =
      page instanceof Promise ? page.then((known) => shown(known, call, serving)) : shown(page, call, serving)
    // The member that LIST_MEMBERS names is the one that the result of this method has.
    return seen as Awaitable<unknown> as Awaitable<ResultOf<M>>
  }
}

/** Fixed resources and templates are one capability: whoever has the one answers for both. */
const TWINS: Partial<Record<Kind, Kind>> = { resource: 'template', template: 'resource' }

function hasTwin(kind: Kind, context: Context, { held, catalog }: Serving): Awaitable<boolean> {
  const twin = TWINS[kind]
  return twin !== undefined && (held(twin) || catalog.has(twin, context))
}

function refuse(kind: Kind): never {
  throw new McpError('METHOD_NOT_FOUND', `This server has no ${LIST_MEMBERS[kind]}`)
}

function isDeclared(kind: Kind, { declared }: Serving): boolean {
  const { tools, prompts, resources } = declared({ resultTypes: true })
  if (kind === 'tool') return tools !== undefined
  return (kind === 'prompt' ? prompts : resources) !== undefined
}
