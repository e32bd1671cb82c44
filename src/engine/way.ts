import type { Backstage } from './backstage.ts'
import type { Home } from './home.ts'
import type { Outward } from './outward.ts'
import type { Instance } from './scope.ts'

/** How a call has come to where a context sees it from. */
export interface Way {
  /** The call on whose way this one was made, by `ctx.server` or `inner`. */
  readonly outer: Backstage | undefined
  /** Whether progress made here is that of the outer call. */
  readonly isPart: boolean
  /** Whether this is the outer call itself, as seen from elsewhere in the house. */
  readonly isView: boolean
  /** What changes of names it came through. */
  readonly outward: Outward | undefined
  /** The version that it is to be answered in, where it came through a choice. */
  readonly version: string | undefined
  /** How many calls this one is on the way of. */
  readonly depth: number
  /** The server whose handlers see it; undefined for the one that the client talks to. */
  readonly home: Home | undefined
  /** What is being made of a dependency, where its maker sees it. */
  readonly maker: Instance | undefined
}

/** Straight from the client. */
export const DIRECT: Way = Object.freeze({
  outer: undefined,
  isPart: false,
  isView: false,
  outward: undefined,
  version: undefined,
  depth: 0,
  home: undefined,
  maker: undefined,
})
