import type { Awaitable } from './call.ts'

/**
 * What ends a value: its `Symbol.asyncDispose`, or else its `Symbol.dispose`. Undefined for everything that needs
 * no end.
 */
export function disposalOf(value: unknown): (() => Awaitable<void>) | undefined {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return undefined
  const dispose: unknown = Reflect.get(value, Symbol.asyncDispose) ?? Reflect.get(value, Symbol.dispose)
  return typeof dispose === 'function' ? () => dispose.call(value) : undefined
}
