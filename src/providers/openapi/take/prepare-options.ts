import type { RateLimiter } from '../../../resilience/rate-limiter.ts'
import { type Limits, readLimits, readSettings, type Settings } from '../../../upstream/settings.ts'
import { limiterOf } from '../call/turnstile.ts'
import type { OpenApiOptions, RouteHabits } from '../options.ts'
import { labelOf } from '../reporting/label.ts'
import { attempt, wrong } from '../reporting/setting-problem.ts'
import { readPagination } from '../responses/next-page.ts'
import { readPick } from '../responses/pick.ts'
import { compileRouteMaps, type Decision } from '../route-maps/compile-route-maps.ts'
import type { Route } from '../routes/route.ts'
import { type Forward, forwardedHeaders } from '../security/forwarded-headers.ts'

/** Options that have been checked, and what can be made of them before there is a document. */
export interface PreparedOptions {
  readonly given: OpenApiOptions
  readonly decide: (route: Route) => Decision
  /** For all operations. Where the API is stands in none of them. */
  readonly settings: Settings
  /** Through which all requests go. */
  readonly limiter: RateLimiter | undefined
  /** Hands headers of callers on. */
  readonly forward: Forward | undefined
  /** What the author says of one operation. */
  readonly habitsOf: (route: Route) => PreparedHabits
}

/** The habits of one operation, checked. */
export interface PreparedHabits extends Pick<RouteHabits, 'pick' | 'paginate'> {
  readonly limits: Limits
  readonly limiter: RateLimiter | undefined
}

const MAX_RESPONSE_BYTES = 10 * 1024 * 1024
const EXCERPT_LENGTH = 2_000
/** Every operation has its own. */
const NOWHERE = 'https://api.invalid'

/** Checks options. Throws `SETTING` that names the one that cannot be. */
export function prepareOptions(given: OpenApiOptions): PreparedOptions {
  if (typeof given !== 'object' || given === null) throw wrong('options', 'must be an object')
  const { headers, timeout, retry, maxResponseBytes = MAX_RESPONSE_BYTES, output = 'lenient' } = given
  if (!['lenient', 'strict', 'none'].includes(output)) throw wrong('output', 'must be "lenient", "strict" or "none"')
  for (const name of FUNCTIONS) {
    if (given[name] !== undefined && typeof given[name] !== 'function') throw wrong(name, 'must be a function')
  }
  const upstream = readSettings({
    baseUrl: given.baseUrl ?? NOWHERE,
    maxResponseBytes,
    excerptLength: EXCERPT_LENGTH,
    ...(headers !== undefined && { headers }),
    ...(timeout !== undefined && { timeout }),
    ...(retry !== undefined && { retry }),
  })
  // There is no option for it here.
  const settings: Settings = { ...upstream, redirectsNeed: undefined }
  const common: PreparedHabits = { limits: settings, limiter: undefined }
  return {
    given,
    decide: compileRouteMaps(given),
    settings,
    limiter: limiterOf(given.rateLimit),
    forward: forwardedHeaders(given.forwardHeaders),
    habitsOf: (route) => (given.habits === undefined ? common : habitsOf(given.habits, route, settings)),
  }
}

const FUNCTIONS = ['routeMapFn', 'componentFn', 'habits', 'fetch', 'externalReferences', 'onReport', 'onError'] as const

function habitsOf(say: NonNullable<OpenApiOptions['habits']>, route: Route, settings: Settings): PreparedHabits {
  return attempt(`habits for ${labelOf(route)}`, () => {
    const { timeout, retry, rateLimit, pick, paginate } = say(route) ?? {}
    readPick(pick)
    if (paginate !== undefined) readPagination(route, paginate)
    const own = { ...(timeout !== undefined && { timeout }), ...(retry !== undefined && { retry }) }
    return {
      limits: readLimits(own, settings),
      limiter: limiterOf(rateLimit),
      ...(pick !== undefined && { pick }),
      ...(paginate !== undefined && { paginate }),
    }
  })
}
