import type { AnyResult, Call } from '../engine/call.ts'
import { FastMCPError } from '../protocol/errors.ts'
import { forAnyMethod, type Layer } from './layer.ts'
import { createOutlet, type LogEntry, type LogSink, toStderr } from './log-outlet.ts'
import { type Outcome, outcomeOf, outcomeOfProblem, subjectOf } from './outcome.ts'
import { createRedact, type RedactOptions, remembering } from './redact.ts'
import { timestamp } from './timestamp.ts'

/** What is logged, and where to. */
export interface LoggingOptions {
  /** Default: standard error. */
  readonly sink?: LogSink
  /** Calls that end less severely are left out. Well is `info`, with an error for the client `warning`, failed `error`. */
  readonly level?: LogEntry['level']
  /** Whether arguments are logged, redacted and cut short; default false. */
  readonly arguments?: boolean
  /** What to leave out, besides all that is known to be secret by name or form. */
  readonly redact?: RedactOptions
}

/** A layer that logs. */
export interface LoggingLayer extends Layer {
  /** How many lines were lost because the sink failed or was too slow. */
  readonly dropped: number
}

const RANKS: Readonly<Record<LogEntry['level'], number>> = { info: 0, warning: 1, error: 2 }
const LEVELS: Readonly<Record<Outcome, LogEntry['level']>> = {
  ok: 'info',
  asked: 'info',
  error: 'warning',
  failure: 'error',
}

/**
 * Logs every call once it is over, as one line of JSON: when, what, who, how long, and how it ended. Secrets are left out
 * by the names of members and by the form of texts. A sink that is slow or fails costs lines, never calls. Of errors
 * that clients see masked only the class is logged; they go whole to `onError`.
 *
 * @example
 * mcp.use(logging())
 * mcp.use('tools/call', logging({ arguments: true, sink: (_, entry) => pino.info(entry) }))
 */
export function logging({
  sink = toStderr,
  level = 'info',
  arguments: withArguments = false,
  redact: options = {},
}: LoggingOptions = {}): LoggingLayer {
  const least = RANKS[level]
  const redact = createRedact(options)
  const named = remembering(redact)
  const outlet = createOutlet(sink)

  const log = (call: Call, ended: Ended): void => {
    const chosen = LEVELS[ended.outcome]
    if (RANKS[chosen] < least) return
    outlet.write(entryOf(call, chosen, ended))
  }
  const entryOf = (call: Call, chosen: LogEntry['level'], ended: Ended): LogEntry => {
    const { method, context, params } = call
    const about = subjectOf(call)
    const { auth } = context
    // One after the other and not by spreading: there is a line for every call.
    const entry: Writable<LogEntry> = { time: timestamp(), level: chosen, method }
    if (about !== undefined) entry.name = named(about)
    entry.id = redact(context.requestId)
    entry.outcome = ended.outcome
    entry.ms = Math.round((performance.now() - ended.begun) * 1000) / 1000
    if (ended.code !== undefined) entry.code = ended.code
    if (auth !== undefined) entry.subject = redact(auth.subject)
    if (withArguments && 'arguments' in params) entry.arguments = redact(params.arguments)
    return entry
  }

  const layer = forAnyMethod(async function logging(call, next): Promise<AnyResult> {
    const begun = performance.now()
    try {
      const result = await next()
      log(call, { begun, outcome: outcomeOf(result) })
      return result
    } catch (problem) {
      log(call, { begun, outcome: outcomeOfProblem(problem), code: codeOf(problem) })
      throw problem
    }
  })
  return Object.defineProperty(layer, 'dropped', { get: () => outlet.dropped }) as LoggingLayer // which it now is
}

type Writable<T> = { -readonly [K in keyof T]: T[K] }

interface Ended {
  readonly begun: number
  readonly outcome: Outcome
  readonly code?: string
}

/** The stable code, or the class of an error of somebody else: its message may hold anything. */
function codeOf(problem: unknown): string {
  if (problem instanceof FastMCPError) return problem.code.slice(0, 64)
  return problem instanceof Error ? problem.name.slice(0, 64) : typeof problem
}
