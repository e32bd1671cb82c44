import { backstageOf } from '../engine/backstage.ts'
import type { Call } from '../engine/call.ts'
import { createDurations, type DurationSummary, type Durations } from './durations.ts'
import { forAnyMethod, type Layer } from './layer.ts'
import { type Outcome, outcomeOf, outcomeOfProblem } from './outcome.ts'

/** How long one call took. */
export interface Timing {
  readonly method: string
  /** Of a tool. */
  readonly name?: string
  readonly ms: number
  readonly outcome: Outcome
}

/** What `timing` takes. */
export interface TimingOptions {
  /** Hears of every call once it is over. What it throws is nobody's. */
  readonly onTiming?: (timing: Timing) => void
}

/** All calls of one method, or with `name` those of one tool. */
export interface TimingRow extends DurationSummary {
  readonly method: string
  readonly name?: string
}

/** A layer that measures. */
export interface TimingLayer extends Layer {
  /** What was measured so far: a row for each method, and one for each tool. */
  snapshot(): readonly TimingRow[]
  /** Begins anew. */
  reset(): void
}

const MOST_ROWS = 10_000
/** Together: names of tools that there are not, and all names beyond the most that are told apart. */
const OTHER = '(other)'
const CALL = 'tools/call'

/**
 * Measures how long calls take, by method and by tool, from this layer inward. Percentiles are good to a fifth.
 * What a client asks for that is not there takes no memory.
 *
 * @example
 * const timings = timing({ onTiming: ({ method, name, ms }) => histogram.record(ms, { method, name }) })
 * mcp.use(timings)
 * mcp.resource('stats://timings', {}, () => timings.snapshot())
 */
export function timing({ onTiming }: TimingOptions = {}): TimingLayer {
  const methods = new Map<string, Durations>()
  const tools = new Map<string, Durations>()

  const note = (call: Call, begun: number, outcome: Outcome): void => {
    const ms = performance.now() - begun
    if (call.method !== CALL) durationsOf(methods, call.method).add(ms, outcome)
    else noteTool(call, ms, outcome)
    if (onTiming !== undefined) tell(onTiming, timingOf(call, ms, outcome))
  }
  const noteTool = (call: Call<typeof CALL>, ms: number, outcome: Outcome): void => {
    const { name } = call.params
    const known = tools.get(name)
    if (known !== undefined) {
      known.add(ms, outcome)
      return
    }
    const add = (definition: unknown): void =>
      durationsOf(tools, definition === undefined ? OTHER : name).add(ms, outcome)
    const found = backstageOf(call.context).definitionOf(name)
    if (found instanceof Promise) found.then(add, () => add(undefined))
    else add(found)
  }

  const layer = forAnyMethod(async function timing(call, next) {
    const begun = performance.now()
    try {
      const result = await next()
      note(call, begun, outcomeOf(result))
      return result
    } catch (problem) {
      note(call, begun, outcomeOfProblem(problem))
      throw problem
    }
  })
  return Object.assign(layer, {
    snapshot: (): readonly TimingRow[] => [
      ...Array.from(methods, ([method, durations]) => ({ method, ...durations.summary() })),
      ...(tools.size === 0 ? [] : [{ method: CALL, ...createDurations([...tools.values()]).summary() }]),
      ...Array.from(tools, ([name, durations]) => ({ method: CALL, name, ...durations.summary() })),
    ],
    reset: (): void => {
      methods.clear()
      tools.clear()
    },
  })
}

function durationsOf(known: Map<string, Durations>, name: string): Durations {
  const key = known.has(name) || known.size < MOST_ROWS ? name : OTHER
  const durations = known.get(key) ?? createDurations()
  known.set(key, durations)
  return durations
}

function timingOf({ method, params }: Call, ms: number, outcome: Outcome): Timing {
  return method === CALL && 'name' in params ? { method, name: params.name, ms, outcome } : { method, ms, outcome }
}

/** A listener that fails must not fail the call that it hears of. */
function tell(listener: (timing: Timing) => void, timing: Timing): void {
  try {
    listener(timing)
  } catch {}
}
