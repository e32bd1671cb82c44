import type { Meta } from '../../protocol/content.ts'
import { McpError } from '../../protocol/errors.ts'

/** The key under which a request tells which proxies it came by. */
const VIA = 'fastmcp/via'
/** How many proxies may stand one behind another. */
const MOST_PROXIES = 8

/**
 * What of the `_meta` of a request goes on to a server elsewhere: everything but what belongs to the connection that it came
 * by, and the way it took. Throws for a request that comes to the same proxy twice, or by too many.
 */
export function metaOnward(meta: Meta | undefined, self: string): Meta {
  const via = wayOf(meta)
  if (via.includes(self))
    throw new McpError('INTERNAL_ERROR', 'Proxies stand in a circle: this request was here before')
  if (via.length >= MOST_PROXIES) {
    throw new McpError('INTERNAL_ERROR', `More than ${MOST_PROXIES} proxies stand one behind another`)
  }
  const own = Object.entries(meta ?? {}).filter(([key]) => !isOfConnection(key))
  return { ...Object.fromEntries(own), [VIA]: [...via, self] }
}

function wayOf(meta: Meta | undefined): readonly string[] {
  const via = meta?.[VIA]
  return Array.isArray(via) ? via.filter((each) => typeof each === 'string').slice(0, MOST_PROXIES) : []
}

/** `_meta` of a result of a server elsewhere, without what only the server that answers may say. */
export function withoutReserved<R extends { readonly _meta?: Meta }>(result: R): R {
  if (result._meta === undefined || !Object.keys(result._meta).some(isOfConnection)) return result
  const kept = Object.entries(result._meta).filter(([key]) => !isOfConnection(key))
  const { _meta, ...rest } = result
  // What is left has the members that it had.
  return (kept.length === 0 ? rest : { ...rest, _meta: Object.fromEntries(kept) }) as R
}

function isOfConnection(key: string): boolean {
  return key === 'progressToken' || key.startsWith('io.modelcontextprotocol/')
}
