import type { Method } from '../protocol/methods.ts'
import type { Middleware } from './compose.ts'

const PER_CALLER = Symbol.for('@fastmcp/ts/per-caller')

/**
 * Says that what a layer lets through depends on who is calling. A server whose lists pass such a layer does not
 * offer them to shared caches, and refuses to be told to.
 *
 * @example
 * mcp.use('tools/list', perCaller(async (call, next) => {
 *   const page = await next()
 *   return { ...page, tools: page.tools.filter(({ name }) => mayUse(call.context.auth, name)) }
 * }))
 */
export function perCaller<M extends Method>(layer: Middleware<M>): Middleware<M> {
  const marked: Middleware<M> = (call, next) => layer(call, next)
  return Object.defineProperty(marked, PER_CALLER, { value: true })
}

/** Whether a layer says so. */
export function isPerCaller(layer: object): boolean {
  return Reflect.get(layer, PER_CALLER) === true
}
