import { backstageOf } from '../engine/backstage.ts'
import type { AnyResult, Call } from '../engine/call.ts'
import { mayPass, RetryError, retry as retryWork } from '../resilience/retry.ts'
import { checkNumber, LONGEST_TIMER, type Range } from '../resilience/setting.ts'
import { forAnyMethod, type Layer } from './layer.ts'

/** How often and when a tool is called again. */
export interface RetryLayerOptions {
  /** Calls after the first; default 3. */
  readonly retries?: number
  /** Milliseconds before the second call; default 200. */
  readonly initialDelay?: number
  /** Milliseconds; default 30,000. */
  readonly maxDelay?: number
  /** By what each delay is longer than the one before; default 2. */
  readonly factor?: number
  /** Whether delays are spread at random; default true. */
  readonly jitter?: boolean
  /** Which failures may be gone at the next call; default: unknown errors, and those whose code is no mistake of the caller. */
  readonly retryIf?: (problem: unknown, call: Call<'tools/call'>) => boolean
  /** Hears of every further call before it is made. */
  readonly onRetry?: (problem: unknown, call: Call<'tools/call'>) => void
}

/**
 * Calls a tool again that failed, if the tool says of itself that this does no harm: `readOnlyHint` or
 * `idempotentHint` among its annotations. Waits longer each time, or as long as the error's `retryAfterMs` says, and
 * not at all once the call is cancelled. In the end the last error counts.
 *
 * @example
 * mcp.use(retry({ retries: 2 }))
 */
export function retry({ retryIf = mayPass, onRetry, ...delays }: RetryLayerOptions = {}): Layer {
  checkDelays(delays)
  return forAnyMethod(async function retry(call, next): Promise<AnyResult> {
    try {
      return await next()
    } catch (problem) {
      // A handler that asked is run again with the answers, whatever it threw.
      backstageOf(call.context).checkUnwinding()
      if (call.method !== 'tools/call' || !retryIf(problem, call) || !(await isRepeatable(call))) throw problem
      return again(problem, call, next)
    }
  })

  async function again(first: unknown, call: Call<'tools/call'>, next: () => Promise<AnyResult>): Promise<AnyResult> {
    try {
      return await retryWork(({ attempt }) => (attempt === 1 ? Promise.reject(first) : next()), {
        ...delays,
        signal: call.context.signal,
        retryIf(problem) {
          backstageOf(call.context).checkUnwinding()
          return retryIf(problem, call)
        },
        onRetry: (problem) => onRetry?.(problem, call),
      })
    } catch (problem) {
      throw problem instanceof RetryError ? problem.cause : problem
    }
  }
}

/** What is wrong with a number shows where it is set, and not at the first failure. */
function checkDelays(delays: Readonly<Record<string, unknown>>): void {
  for (const [option, range] of Object.entries(RANGES)) {
    if (delays[option] !== undefined) checkNumber(`retry: ${option}`, delays[option], range)
  }
}

const RANGES: Readonly<Record<string, Range>> = {
  retries: { least: 0, whole: true },
  initialDelay: { least: 0, most: LONGEST_TIMER },
  maxDelay: { least: 0, most: LONGEST_TIMER },
  factor: { least: 1 },
}

async function isRepeatable({ context, params }: Call<'tools/call'>): Promise<boolean> {
  const { readOnlyHint, idempotentHint } = (await backstageOf(context).definitionOf(params.name))?.annotations ?? {}
  return readOnlyHint === true || idempotentHint === true
}
