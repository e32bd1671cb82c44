type Json = Readonly<Record<string, unknown>>

const VERSION = 'io.modelcontextprotocol/protocolVersion'
const CAPABILITIES = 'io.modelcontextprotocol/clientCapabilities'

/** Methods whose results say for how long they may be kept (2026-07-28, server/utilities/caching). */
const CACHEABLE: ReadonlySet<string> = new Set([
  'server/discover',
  'tools/list',
  'prompts/list',
  'resources/list',
  'resources/templates/list',
  'resources/read',
])

/** Members of results that only one of the eras has. */
const STATELESS_MEMBERS = ['resultType', 'ttlMs', 'cacheScope', 'inputRequests', 'requestState']

/** Whether the parameters of a request are those of the stateless era. */
export function isStateless(params: unknown): boolean {
  return Object.hasOwn(metaOf(params), VERSION)
}

/** What the stateless era asks of a request beyond its schema. */
export function requestProblem(params: unknown): string | undefined {
  const capabilities = metaOf(params)[CAPABILITIES]
  return typeof capabilities === 'object' && capabilities !== null ? undefined : `_meta has no ${CAPABILITIES}`
}

/** What an era asks of a result beyond its schema. */
export function resultProblem(
  result: Json,
  of: { readonly method: string; readonly stateless: boolean },
): string | undefined {
  if (!of.stateless) {
    const stray = STATELESS_MEMBERS.find((name) => Object.hasOwn(result, name))
    return stray === undefined ? undefined : `${stray} is of another era`
  }
  if (typeof result.resultType !== 'string') return 'resultType is missing'
  if (!CACHEABLE.has(of.method) || result.resultType === 'input_required') return undefined
  if (!Number.isInteger(result.ttlMs) || Number(result.ttlMs) < 0) return 'ttlMs must be an integer from 0'
  return result.cacheScope === 'public' || result.cacheScope === 'private' ? undefined : 'cacheScope is missing'
}

function metaOf(params: unknown): Json {
  if (typeof params !== 'object' || params === null || !('_meta' in params)) return {}
  const { _meta: meta } = params
  return typeof meta === 'object' && meta !== null ? (meta as Json) : {} // any object has members
}
