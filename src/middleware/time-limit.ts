import { limitTime } from '../components/time-limit.ts'
import type { Call } from '../engine/call.ts'
import { checkNumber, LONGEST_TIMER } from '../resilience/setting.ts'
import { forAnyMethod, type Layer } from './layer.ts'
import { subjectOf } from './outcome.ts'

/** How long calls may take, in milliseconds. */
export interface TimeLimitOptions {
  readonly ms: number
  /** Tools with limits of their own, by name. */
  readonly tools?: Readonly<Record<string, number>>
}

/**
 * Ends calls that take too long with `TIMEOUT`, which a model reads as an error of the tool; `ctx.signal` aborts. Counts
 * from this layer inward, retries and all, and not while the client is being asked something. Each component has a
 * `timeout` beside it, by default 60 seconds: the shorter one ends the call.
 *
 * @example
 * mcp.use('tools/call', timeLimit({ ms: 10_000, tools: { export_orders: 120_000 } }))
 */
export function timeLimit({ ms, tools = {} }: TimeLimitOptions): Layer {
  const range = { least: 1, most: LONGEST_TIMER }
  checkNumber('timeLimit: ms', ms, range)
  const own = new Map(
    Object.entries(tools).map(([name, limit]) => [name, checkNumber(`timeLimit: tools.${name}`, limit, range)]),
  )
  return forAnyMethod(function timeLimit(call, next) {
    const timeout = (call.method === 'tools/call' ? own.get(call.params.name) : undefined) ?? ms
    return limitTime(next(), call.context, { label: labelOf(call), timeout })
  })
}

function labelOf(call: Call): string {
  const about = subjectOf(call)
  return about === undefined ? call.method : `${call.method} ${JSON.stringify(about.slice(0, 100))}`
}
