import { type Identify, identifying } from './authenticate.ts'
import { encodingCheck, typeCheck } from './guard.ts'
import {
  BODY_LIMIT,
  HTTP_LIMITS,
  type HttpLimits,
  type HttpOptions,
  type HttpParts,
  type HttpRequest,
  type Report,
  reportToConsole,
} from './options.ts'
import { createThrottle, type Throttle } from './rate-limit.ts'
import { type Refusal, TOO_LARGE } from './refusal.ts'
import { createRoutes, type Routes } from './routes.ts'

/** An HTTP server's options made ready once. */
export interface Site {
  readonly routes: Routes
  /** Undefined where everybody is anonymous. */
  readonly identify: Identify | undefined
  /** Undefined where everybody may send as much as they like. */
  readonly throttle: Throttle | undefined
  readonly jsonOnly: boolean
  readonly bodyLimit: number
  readonly limits: HttpLimits
  /** Never throws. */
  readonly report: Report
}

/** What a site is made of besides its options. */
export interface SiteParts extends HttpParts {
  /** The `Host` names that follow from where the server listens. */
  readonly boundHosts?: readonly string[]
}

/** Checks the options and works out what each request needs; throws for what cannot be. */
export function prepareSite(options: HttpOptions, parts: SiteParts = {}): Site {
  const report = quietly(options.report ?? reportToConsole)
  const routes = createRoutes(options, parts)
  const limits = { ...HTTP_LIMITS, ...options.limits }
  const isOpen = options.publicPaths?.includes(routes.path) ?? false
  const authenticate = isOpen ? undefined : options.authenticate
  return {
    routes,
    identify: authenticate && identifying(authenticate, { longest: limits.authorization, report }),
    throttle: options.rateLimit && createThrottle(options.rateLimit, parts.createTakeTurn),
    jsonOnly: options.json ?? false,
    bodyLimit: options.bodyLimit ?? BODY_LIMIT,
    limits,
    report,
  }
}

/** Judges by its headers whether a body is worth reading. */
export function checkBody(request: HttpRequest, limit: number): Refusal | undefined {
  const refused = typeCheck(request.header('content-type')) ?? encodingCheck(request.header('content-encoding'))
  if (refused !== undefined) return refused
  return Number(request.header('content-length') ?? 0) > limit ? TOO_LARGE : undefined
}

/** A report that fails must not fail the request it tells about. */
export function quietly(report: Report): Report {
  return (problem, facts) => {
    try {
      report(problem, facts)
    } catch (cause) {
      reportToConsole(new Error('report failed', { cause }), facts)
    }
  }
}

/** Tells every listener that the client is gone; one that throws keeps the others from nothing. */
export function tellAll(listeners: readonly (() => void)[], report: Report): void {
  for (const listener of listeners) {
    try {
      listener()
    } catch (problem) {
      report(toError(problem), { during: 'the departure of a client' })
    }
  }
}

/** Anything thrown, as an error. */
export function toError(problem: unknown): Error {
  return problem instanceof Error ? problem : new Error('Something that is no error was thrown', { cause: problem })
}
