import type { AnyComponent } from '../components/component.ts'
import type { Auth } from '../engine/auth.ts'
import type { Awaitable } from '../schema/awaitable.ts'

/** Someone who would use a component; `args` are there only where it is being called with some. */
export interface Use {
  readonly auth: Auth | undefined
  readonly component: AnyComponent
  /** The name, or the very URI. */
  readonly id: string
  readonly args?: unknown
}

/** Whether somebody may use a component: true, or anything else with a reason if it is a text. */
export type Screen = (use: Use) => Awaitable<unknown>

const SCREEN = Symbol.for('@fastmcp/ts/screen')

/**
 * Marks a layer that is no layer, but decides what callers see of a server at all. A server asks it wherever it looks
 * for a component, on every path.
 */
export function withScreen<L extends object>(layer: L, screen: Screen): L {
  return Object.defineProperty(layer, SCREEN, { value: screen })
}

/** What a layer screens by; undefined for layers proper. */
export function screenOf(layer: object): Screen | undefined {
  // Only `withScreen` puts something there.
  return Reflect.get(layer, SCREEN) as Screen | undefined
}
