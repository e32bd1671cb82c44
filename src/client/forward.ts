import type { Client as OfficialClient, StandardSchemaV1 } from '@modelcontextprotocol/client'
import { isRecord, type Params } from '../protocol/json-rpc.ts'
import type { LogLevel } from '../protocol/methods.ts'
import type { JsonSchema } from '../schema/json-schema.ts'
import type { Calls } from './calls.ts'
import type { Lane } from './lane.ts'
import type { CallOptions } from './options.ts'
import { paramHeaders } from './param-headers.ts'

/** The members of a result, as its server sent them. */
export type Members = Readonly<Record<string, unknown>>

/** What handing on a request takes. */
export interface ForwardOptions extends CallOptions {
  /** Of a tool that is called: the schema of its arguments, some of which may have to be told in headers, too. */
  readonly inputSchema?: JsonSchema
  /** The least severe log message wanted, where the request itself can say so. */
  readonly logLevel?: LogLevel
  /** For HTTP: more headers of this request. */
  readonly headers?: Readonly<Record<string, string>>
  /** Hears of what the protocol does not know, sent about this request; only where that can be told. */
  readonly onNotification?: (method: string, params: Params) => void
}

/** Hands requests on, and gives what comes back as it is. */
export interface Handing {
  /** Whether all that is told on the way of one request is told apart from that of others. */
  readonly isApart: boolean
  forward(method: string, params: Params, options: ForwardOptions): Promise<Members>
}

/** Makes what hands on, by the lane where there is one. */
export function createHanding(official: OfficialClient, calls: Calls, lane: Lane | undefined): Handing {
  const forward: Handing['forward'] = (method, params, given) => {
    const options = isRecord(params._meta) ? { ...given, meta: { ...params._meta, ...given.meta } } : given
    const { inputSchema } = options
    const told = inputSchema === undefined ? undefined : paramHeaders(inputSchema, params.arguments)
    const headers = told === undefined ? options.headers : { ...options.headers, ...told }
    if (lane !== undefined) return lane.send(method, params, headers === undefined ? options : { ...options, headers })
    return calls.runOnce(options, async ({ _meta }, how) => {
      const sent = _meta === undefined ? params : { ...params, _meta: { ..._meta } }
      const result = await official.request({ method, params: { ...sent } }, ANY, {
        ...how,
        ...(headers !== undefined && { headers: { ...headers } }),
        allowInputRequired: true,
      })
      return result as Members // whatever it is, the official client has made sure that it is an object
    })
  }
  return { isApart: lane !== undefined, forward }
}

/** Lets every result pass as it is. */
export const ANY: StandardSchemaV1<unknown, unknown> = {
  '~standard': { version: 1, vendor: 'fastmcp', validate: (value) => ({ value }) },
}
