import type { Method, Operations, ParamsOf } from '../protocol/methods.ts'
import type { Awaitable } from '../schema/awaitable.ts'
import type { Context } from './context.ts'

export type { Awaitable }

/** One operation asked of a server: what every transport, mount, proxy and test makes. */
export type Call<M extends Method = Method, App = unknown> = {
  readonly [K in M]: { readonly method: K; readonly params: ParamsOf<K>; readonly context: Context<App> }
}[M]

/** The result of any operation. */
export type AnyResult = Operations[Method]['result']

/** A server, seen from outside: a function from call to result. It rejects with `McpError` only. */
export type Handle = (call: Call) => Awaitable<AnyResult>
