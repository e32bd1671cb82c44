import { CACHE_HINT, type CacheHint } from '../../protocol/cache-hint.ts'
import type { Meta } from '../../protocol/content.ts'
import { McpError } from '../../protocol/errors.ts'
import { isRecord } from '../../protocol/json-rpc.ts'
import type { CallToolResult, CompleteResult, GetPromptResult, ReadResourceResult } from '../../protocol/methods.ts'
import { VALUE_ROOT } from '../../protocol/structured.ts'
import { withoutReserved } from './chain.ts'

type Members = Readonly<Record<string, unknown>>

/** Members that belong to the way in which a result has travelled. */
const OF_THE_WAY: ReadonlySet<string> = new Set(['resultType', 'ttlMs', 'cacheScope', 'inputRequests', 'requestState'])

/** A result as its server meant it: without what its era adds to every result. */
function meant(members: Members): Members {
  const result: Record<string, unknown> = {}
  for (const key of Object.keys(members)) if (!OF_THE_WAY.has(key)) result[key] = members[key]
  if (!('_meta' in result)) return result
  const { _meta, ...rest } = result
  const kept = isRecord(_meta) ? withoutReserved(_meta) : undefined
  return kept === undefined ? rest : { ...rest, _meta: kept }
}

/** How long and for whom a result may be kept, where it says so in a form that counts. */
export function hintIn({ ttlMs, cacheScope }: Members): Partial<CacheHint> | undefined {
  const hint: Partial<CacheHint> = {
    ...(typeof ttlMs === 'number' && Number.isSafeInteger(ttlMs) && ttlMs >= 0 && { ttlMs }),
    ...((cacheScope === 'public' || cacheScope === 'private') && { cacheScope }),
  }
  return Object.keys(hint).length === 0 ? undefined : hint
}

/** The result of a tool. `isValue` says that its output schema is of something else than an object. */
export function toolResultOf(members: Members, isValue: boolean): CallToolResult {
  const result = meant(members)
  if (!Array.isArray(result.content) || !result.content.every(isRecord)) throw misshapen('tools/call', 'content')
  const unwrapped = saysWrapped(result._meta) ? unwrap(result) : result
  const marked = isValue && 'structuredContent' in unwrapped ? { ...unwrapped, [VALUE_ROOT]: true } : unwrapped
  return marked as unknown as CallToolResult // what matters of its shape has been looked at
}

/** The contents of a resource. */
export function readResultOf(members: Members): ReadResourceResult {
  const result = meant(members)
  if (!Array.isArray(result.contents) || !result.contents.every(isRecord)) throw misshapen('resources/read', 'contents')
  const hint = hintIn(members)
  const hinted = hint === undefined ? result : { ...result, [CACHE_HINT]: hint }
  return hinted as unknown as ReadResourceResult // what matters of its shape has been looked at
}

/** A prompt filled in. */
export function promptResultOf(members: Members): GetPromptResult {
  const result = meant(members)
  const { messages } = result
  const isWhole = Array.isArray(messages) && messages.every((each) => isRecord(each) && isRecord(each.content))
  if (!isWhole) throw misshapen('prompts/get', 'messages')
  return result as unknown as GetPromptResult // what matters of its shape has been looked at
}

/** Completions. */
export function completeResultOf(members: Members): CompleteResult {
  const result = meant(members)
  const { completion } = result
  if (!isRecord(completion) || !Array.isArray(completion.values)) throw misshapen('completion/complete', 'completion')
  return result as unknown as CompleteResult // what matters of its shape has been looked at
}

/** Some revisions demand an object, so servers of this library wrap other values and say so. */
function saysWrapped(meta: unknown): boolean {
  return isRecord(meta) && isRecord(meta.fastmcp) && meta.fastmcp.wrap_result === true
}

function unwrap(result: Members): Members {
  const { structuredContent, _meta, ...rest } = result
  if (!isRecord(structuredContent) || !Object.hasOwn(structuredContent, 'result')) return result
  const { fastmcp, ...others } = _meta as Meta // which says that it is wrapped
  const { wrap_result: _, ...told } = fastmcp as Members
  const kept = { ...others, ...(Object.keys(told).length > 0 && { fastmcp: told }) }
  return {
    ...rest,
    structuredContent: structuredContent.result,
    ...(Object.keys(kept).length > 0 && { _meta: kept }),
  }
}

function misshapen(method: string, member: string): McpError {
  return new McpError('INTERNAL_ERROR', `The server behind this one has answered ${method} without ${member}`)
}
