import { andThen } from '../components/thenable.ts'
import { principalOf } from '../engine/auth.ts'
import { backstageOf } from '../engine/backstage.ts'
import type { AnyResult, Awaitable, Call } from '../engine/call.ts'
import { McpError, ToolError } from '../protocol/errors.ts'
import type { Method } from '../protocol/methods.ts'
import { type Permit, type RateLimiter, rateLimiter } from '../resilience/rate-limiter.ts'
import type { Storage } from '../storage/storage.ts'
import { forAnyMethod, type Layer } from './layer.ts'
import { matches, type Pattern } from './match.ts'

/** So many calls in any window of so many milliseconds. */
export interface Rate {
  readonly limit: number
  /** Milliseconds. */
  readonly per: number
}

/** Who may call how often. */
export interface RateLimitOptions extends Rate {
  /** What has a limit of its own: a principal with all it does (default), or each tool for each principal. */
  readonly each?: 'principal' | 'tool'
  /** Further limits, each for one tool and principal, by the name of the tool. */
  readonly tools?: Readonly<Record<string, Rate>>
  /** Whose calls count together; default: those of a principal, and of all anonymous callers. */
  readonly key?: (call: Call) => string
  /** What is counted; default everything but `initialize`, `server/discover` and lists. */
  readonly methods?: readonly Pattern[]
  /** Where it is counted, if more than one process counts; a storage that fails lets nobody through. */
  readonly storage?: Storage
  /** Keeps limits apart that are counted in one storage; default `calls`. */
  readonly name?: string
}

const CALL = 'tools/call'
const UNCOUNTED: ReadonlySet<string> = new Set<Method>([
  'initialize',
  'server/discover',
  'tools/list',
  'resources/list',
  'resources/templates/list',
  'prompts/list',
])

/**
 * Refuses calls beyond a limit, and says when to come again: a tool call gets an error result with the code
 * `RATE_LIMITED` and `retryAfterMs` that a model can act on, any other a protocol error with both. What is called is
 * read from the message and never from a header.
 *
 * @example
 * mcp.use(rateLimit({ limit: 100, per: 60_000, tools: { send_mail: { limit: 5, per: 3_600_000 } } }))
 */
export function rateLimit(options: RateLimitOptions): Layer {
  const { each = 'principal', methods, key = callerOf, name = 'calls' } = options
  const limiterOf = (rate: Rate, part: string): RateLimiter => {
    const { limit, per } = rate
    return rateLimiter({ limit, per, name: part, ...(options.storage && { storage: options.storage }) })
  }
  const all = limiterOf(options, name)
  const own = new Map(
    Object.entries(options.tools ?? {}).map(([tool, rate]) => [tool, limiterOf(rate, `${name}:tool:${tool}`)]),
  )
  const isCounted = (method: Method): boolean =>
    methods === undefined ? !UNCOUNTED.has(method) : methods.some((pattern) => matches(pattern, method))

  const takeAll = (call: Call, who: string): Awaitable<Permit> => {
    if (each === 'principal' || call.method !== CALL) return all.take(who)
    const known = backstageOf(call.context).definitionOf(call.params.name)
    // Names that there are not count together, or each would be a way round the limit.
    const take = (tool: string): Awaitable<Permit> => all.take(`${who}\n${tool}`)
    return andThen(known, (definition) => take(definition === undefined ? '' : call.params.name))
  }
  const takeOwn = (call: Call, who: string): Awaitable<Permit> | undefined =>
    call.method === CALL ? own.get(call.params.name)?.take(who) : undefined

  return forAnyMethod(function rateLimit(call, next): Awaitable<AnyResult> {
    if (!isCounted(call.method)) return next()
    const who = key(call)
    const goOn = (permit: Permit): Promise<AnyResult> => {
      if (!permit.allowed) throw refusal(call, permit.retryAfterMs)
      return next()
    }
    const first = takeOwn(call, who)
    if (first === undefined) return andThen(takeAll(call, who), goOn)
    return andThen(first, (permit) => (permit.allowed ? andThen(takeAll(call, who), goOn) : goOn(permit)))
  })
}

function callerOf({ context }: Call): string {
  return principalOf(context.auth)
}

function refusal(call: Call, retryAfterMs: number): Error {
  const seconds = Math.ceil(retryAfterMs / 1000)
  const again = `try again in ${seconds === 1 ? '1 second' : `${seconds} seconds`}`
  if (call.method !== CALL)
    return new McpError('RATE_LIMITED', `Too many requests; ${again}`, { data: { retryAfterMs } })
  return new ToolError('RATE_LIMITED', `Too many calls; ${again}`, { retryAfterMs })
}
