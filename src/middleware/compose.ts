import type { AnyResult, Awaitable, Call, Handle } from '../engine/call.ts'
import type { Method, ResultOf } from '../protocol/methods.ts'

/** Goes inward; pass a changed call to rewrite the request. May be called again to retry. */
export type Next<M extends Method = Method> = (changed?: Call<M>) => Promise<ResultOf<M>>

/**
 * One layer of the onion around every call. Call `next()` to go inward, or return
 * without it to answer early; throw to refuse.
 *
 * @example
 * mcp.use(async (call, next) => {
 *   const result = await next()
 *   console.error(`${call.method} answered`)
 *   return result
 * })
 */
export type Middleware<M extends Method = Method, App = unknown> = (
  call: Call<M, App>,
  next: Next<M>,
) => Awaitable<ResultOf<M>>

/** Wraps `handle` in `layers`; the first layer is the outermost. */
export function compose(layers: readonly Middleware[], handle: Handle): Handle {
  return layers.reduceRight<Handle>((inner, layer) => {
    const next = (call: Call): Promise<AnyResult> => promised(inner, call)
    return (call) => layer(call, (changed = call) => next(changed))
  }, handle)
}

/** As an async function would, but a promise that is there already goes out as it is. */
function promised(inner: Handle, call: Call): Promise<AnyResult> {
  try {
    const result = inner(call)
    return result instanceof Promise ? result : Promise.resolve(result)
  } catch (problem) {
    return Promise.reject(problem)
  }
}
