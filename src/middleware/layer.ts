import type { Awaitable, Call } from '../engine/call.ts'
import type { Method, ResultOf } from '../protocol/methods.ts'
import type { Middleware, Next } from './compose.ts'

/** A layer that is good for any method: `mcp.use(layer)` and `mcp.use('tools/call', layer)` both take it. */
export type Layer = <M extends Method>(call: Call<M>, next: Next<M>) => Awaitable<ResultOf<M>>

/** Says of a layer that what it returns is what `next` gave, or of the same method. */
export function forAnyMethod<L extends Middleware>(layer: L): L & Layer {
  return layer as L & Layer // as it says
}
