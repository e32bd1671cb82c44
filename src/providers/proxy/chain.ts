import { VERSION_KEY } from '../../components/version.ts'
import { backstageOf } from '../../engine/backstage.ts'
import { Context } from '../../engine/context.ts'
import type { Meta } from '../../protocol/content.ts'
import { McpError } from '../../protocol/errors.ts'
import { isRecord } from '../../protocol/json-rpc.ts'
import type { View } from '../provider.ts'

/** The key under which a request tells which proxies it came by. */
const VIA = 'fastmcp/via'
/** The same of what a connection begins with, where there is no such key: for HTTP, and for a child process. */
export const VIA_HEADER = 'fastmcp-via'
export const VIA_VARIABLE = 'FASTMCP_VIA'
/** How many proxies may stand one behind another. */
const MOST_PROXIES = 8

/** By this a proxy knows the error of another one that it has asked. */
const ENDLESS = { reason: 'endless-proxies' } as const

/** Proxies stand in a circle, or too many stand one behind another. */
export function endlessError(): McpError {
  const words = `More than ${MOST_PROXIES} proxies stand one behind another, or they stand in a circle`
  return new McpError('INTERNAL_ERROR', words, { data: ENDLESS })
}

/** Whether what another server says of an error is that. */
export function isEndless(data: unknown): boolean {
  return isRecord(data) && data.reason === ENDLESS.reason
}

/**
 * What of the `_meta` of a request goes on to a server elsewhere: everything but what belongs to the connection that it came
 * by, with the version that is wanted and the way it took. Throws for a request that comes to the same proxy twice, or by too many.
 */
export function metaOnward(meta: Meta | undefined, self: string, version?: string): Meta {
  const via = wayOf(meta)
  if (via.includes(self) || via.length >= MOST_PROXIES) throw endlessError()
  const onward: Record<string, unknown> = {}
  for (const key of Object.keys(meta ?? {})) if (!isOfConnection(key)) onward[key] = meta?.[key]
  if (version !== undefined || VERSION_KEY in onward) onward[VERSION_KEY] = version
  onward[VIA] = [...via, self]
  return onward
}

/** Only the way that something was asked for by. Throws as `metaOnward` does. */
export function wayOnward(view: View, self: string): Meta {
  const told =
    view instanceof Context ? (view.meta?.[VIA] ?? readWay(backstageOf(view).origin.header(VIA_HEADER))) : undefined
  return metaOnward({ [VIA]: told ?? readWay(variable()) }, self)
}

/** The way as one text. */
export function writeWay(onward: Meta): string {
  return wayOf(onward).join(' ')
}

function readWay(text: string | undefined): readonly string[] | undefined {
  return text === undefined || text === '' ? undefined : text.split(' ', MOST_PROXIES)
}

function variable(): string | undefined {
  return typeof process === 'undefined' ? undefined : process.env?.[VIA_VARIABLE]
}

/** Whether a request has come by other proxies before. */
export function isDirect(onward: Meta): boolean {
  return wayOf(onward).length <= 1
}

function wayOf(meta: Meta | undefined): readonly string[] {
  const via = meta?.[VIA]
  return Array.isArray(via) ? via.filter((each) => typeof each === 'string').slice(0, MOST_PROXIES) : []
}

/** `_meta` without what only the two ends of a connection may say. */
export function withoutReserved(meta: Meta): Meta | undefined {
  const keys = Object.keys(meta)
  if (!keys.some(isOfConnection)) return meta
  const kept = keys.filter((key) => !isOfConnection(key))
  return kept.length === 0 ? undefined : Object.fromEntries(kept.map((key) => [key, meta[key]]))
}

function isOfConnection(key: string): boolean {
  return key === 'progressToken' || key.startsWith('io.modelcontextprotocol/')
}
