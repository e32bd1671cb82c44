import type { Handle } from '../engine/call.ts'
import type { Method } from '../protocol/methods.ts'
import { compose, type Middleware } from './compose.ts'

/** Which methods a layer is for: one, a family, or all. */
export type Pattern = Method | 'tools/*' | 'resources/*' | 'prompts/*' | '*'

/** The methods that a pattern names, for the types of its layer. */
export type Matched<P extends Pattern> = P extends '*'
  ? Method
  : P extends `${infer Family}/*`
    ? Extract<Method, `${Family}/${string}`>
    : Extract<P, Method>

/** A layer and what it is for. */
export interface MatchedLayer {
  readonly pattern: Pattern
  readonly layer: Middleware
}

/** Whether a pattern names a method. */
export function matches(pattern: Pattern, method: Method): boolean {
  return pattern === '*' || pattern === method || (pattern.endsWith('/*') && method.startsWith(pattern.slice(0, -1)))
}

/**
 * One onion per method, made once: a method pays only for the layers that are for it,
 * and nothing at all where there are none.
 */
export function composeByMethod(layers: readonly MatchedLayer[], handle: Handle): Handle {
  const onions = new Map<Method, Handle>()
  const onionOf = (method: Method): Handle => {
    const mine = layers.filter(({ pattern }) => matches(pattern, method)).map(({ layer }) => layer)
    const onion = compose(mine, handle)
    onions.set(method, onion)
    return onion
  }
  return (call) => (onions.get(call.method) ?? onionOf(call.method))(call)
}
