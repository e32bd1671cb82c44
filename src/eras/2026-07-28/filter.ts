import type { Application, Change, Stop } from '../../engine/application.ts'
import type { Context } from '../../engine/context.ts'
import { McpError } from '../../protocol/errors.ts'
import { isRecord, type Params } from '../../protocol/json-rpc.ts'
import type { DescribeResult } from '../../protocol/methods.ts'
import { checkText } from '../params.ts'

/** What a subscription wants to hear of (basic/patterns/subscriptions, Notification Filter). */
export interface Filter {
  readonly toolsListChanged?: boolean
  readonly promptsListChanged?: boolean
  readonly resourcesListChanged?: boolean
  readonly resourceSubscriptions?: readonly string[]
}

const FLAGS = ['toolsListChanged', 'promptsListChanged', 'resourcesListChanged'] as const
const MOST_URIS = 1_000

/** The filter of a request. Throws `INVALID_PARAMS`. */
export function readFilter({ notifications }: Params): Filter {
  if (!isRecord(notifications)) throw invalid('"notifications" must be an object')
  const flag = FLAGS.find((name) => notifications[name] !== undefined && typeof notifications[name] !== 'boolean')
  if (flag !== undefined) throw invalid(`"${flag}" must be a boolean`)
  checkUris(notifications.resourceSubscriptions)
  // Every member that the type names has been checked.
  return notifications as Filter
}

function checkUris(uris: unknown): void {
  if (uris === undefined) return
  if (!Array.isArray(uris)) throw invalid('"resourceSubscriptions" must be a list')
  if (uris.length > MOST_URIS) throw invalid(`"resourceSubscriptions" may hold at most ${MOST_URIS} URIs`)
  for (const uri of uris) checkText({ [EACH]: uri }, EACH)
}

const EACH = 'a URI of resourceSubscriptions'

function invalid(problem: string): McpError {
  return new McpError('INVALID_PARAMS', `Invalid parameters: ${problem}`)
}

/** The part of a filter that the server can serve to this caller. Rejects with `McpError`. */
export async function honour(wanted: Filter, application: Application, context: Context): Promise<Filter> {
  const described = await application.handle({ method: 'server/discover', params: {}, context })
  // The result is the one that its method gives.
  const { tools, prompts, resources } = (described as DescribeResult).capabilities
  const uris = resources?.subscribe ? await readable(wanted.resourceSubscriptions ?? [], application, context) : []
  return {
    ...(wanted.toolsListChanged && tools?.listChanged && { toolsListChanged: true }),
    ...(wanted.promptsListChanged && prompts?.listChanged && { promptsListChanged: true }),
    ...(wanted.resourcesListChanged && resources?.listChanged && { resourcesListChanged: true }),
    ...(uris.length > 0 && { resourceSubscriptions: uris }),
  }
}

/** What a caller cannot read it does not hear of either. */
async function readable(
  uris: readonly string[],
  application: Application,
  context: Context,
): Promise<readonly string[]> {
  const distinct = [...new Set(uris)]
  const known = await Promise.all(distinct.map((uri) => application.canRead(uri, context)))
  return distinct.filter((_, place) => known[place])
}

/** Has everybody asked who must be, so that what a filter lets through is heard of; gives what ends that. */
export async function follow(
  { resourceSubscriptions = [] }: Filter,
  application: Application,
  context: Context,
): Promise<readonly Stop[]> {
  const stops = await Promise.all(resourceSubscriptions.map((uri) => application.follow?.(uri, context)))
  return stops.filter((stop) => stop !== undefined)
}

/** Whether a filter lets anything through. */
export function isEmpty(filter: Filter): boolean {
  return Object.keys(filter).length === 0
}

/** The notification of a change, if the filter lets it through. */
export function notificationOf(
  change: Change,
  filter: Filter,
): { readonly method: string; readonly uri?: string } | undefined {
  switch (change.kind) {
    case 'tool':
      return filter.toolsListChanged ? { method: 'notifications/tools/list_changed' } : undefined
    case 'prompt':
      return filter.promptsListChanged ? { method: 'notifications/prompts/list_changed' } : undefined
    case 'resource':
    case 'template':
      return filter.resourcesListChanged ? { method: 'notifications/resources/list_changed' } : undefined
    case 'contents':
      return filter.resourceSubscriptions?.includes(change.uri)
        ? { method: 'notifications/resources/updated', uri: change.uri }
        : undefined
  }
}
