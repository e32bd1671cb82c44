import { FastMCPError } from '../protocol/errors.ts'
import type { RetryOptions } from '../resilience/retry.ts'
import { checkNumber, LONGEST_TIMER } from '../resilience/setting.ts'
import type { UpstreamAuth } from './auth.ts'
import type { Fetch, Redirects } from './follow.ts'
import { readBaseUrl } from './target.ts'

/** How failed requests are tried again; the delays are milliseconds. */
export type RetryHabits = Pick<RetryOptions, 'retries' | 'initialDelay' | 'maxDelay' | 'factor' | 'jitter'>

/** What an upstream is, and how it is asked. */
export interface UpstreamOptions {
  /** Every request stays below this address. */
  readonly baseUrl: string | URL
  /** How errors name it; default `The API`. */
  readonly name?: string
  /** Sent with every request. */
  readonly headers?: Readonly<Record<string, string>>
  /** Milliseconds for one try, from its sending to the last byte of its answer; default 30,000. */
  readonly timeout?: number
  /**
   * What changes nothing when it is done twice (GET, HEAD, OPTIONS, PUT, DELETE) is tried 2 times more when the upstream
   * is out of reach, too slow or too busy, after the time that it asks for or else 0.2 s and then twice that each time.
   * Where it asks for more than `maxDelay`, default 10,000, the request fails at once. `false`: never.
   */
  readonly retry?: RetryHabits | false
  /** Proves who is calling: `apiKey`, `oauth2`, or a function of yours. */
  readonly auth?: UpstreamAuth
  /** Sends requests; default: the runtime's `fetch`. */
  readonly fetch?: Fetch | undefined
  /** Most decoded bytes of an answer, counted while they come; default 8 MiB. */
  readonly maxResponseBytes?: number
  /** Where redirects may lead; default `same-origin`. Other origins never get credentials. */
  readonly redirects?: Redirects
  /** Most characters of what the upstream says of a refusal that errors tell, masked; default 300, 0: none. */
  readonly excerptLength?: number
}

/** The options of an upstream, checked. */
export interface Settings extends Limits {
  readonly base: URL
  readonly name: string
  readonly headers: Headers
  readonly auth: UpstreamAuth | undefined
  readonly fetch: Fetch
  readonly redirects: Redirects
  /** Asks other origins, where redirects may lead there; left out, `fetch`. */
  readonly abroad?: Fetch
  /** What would have redirects to other origins followed, in words; undefined where there is nothing. */
  readonly redirectsNeed: string | undefined
  readonly excerptLength: number
}

/** What can be another for a single request. */
export interface Limits {
  readonly timeout: number
  readonly maxResponseBytes: number
  readonly retry: (RetryHabits & { readonly retries: number; readonly maxDelay: number }) | undefined
}

const DEFAULTS: Limits = {
  timeout: 30_000,
  maxResponseBytes: 8 * 1024 * 1024,
  retry: { retries: 2, maxDelay: 10_000 },
}

/** Checks options. Throws `FastMCPError` that names the one that cannot be, and shows no value that may be secret. */
export function readSettings(options: UpstreamOptions): Settings {
  const { name = 'The API', redirects = 'same-origin', excerptLength = 300 } = options
  if (!['same-origin', 'any', 'none'].includes(redirects)) {
    throw new FastMCPError('SETTING', 'redirects must be "same-origin", "any" or "none"')
  }
  return {
    ...readLimits(options, DEFAULTS),
    base: readBaseUrl(options.baseUrl),
    name,
    headers: readHeaders(options.headers ?? {}),
    auth: options.auth,
    fetch: options.fetch ?? ((url, init) => fetch(url, init)),
    redirects,
    redirectsNeed: "which needs `redirects: 'any'`",
    excerptLength: checkNumber('excerptLength', excerptLength, { least: 0, most: 2_000, whole: true }),
  }
}

/** What an upstream or a request says of its limits, or else `defaults`. */
export function readLimits(options: LimitOptions, defaults: Limits): Limits {
  const { timeout, maxResponseBytes, retry } = options
  // Nearly every request leaves all of them out.
  if (timeout === undefined && maxResponseBytes === undefined && retry === undefined) return defaults
  return {
    timeout: checkNumber('timeout', timeout ?? defaults.timeout, { least: 1, most: LONGEST_TIMER }),
    maxResponseBytes: checkNumber('maxResponseBytes', maxResponseBytes ?? defaults.maxResponseBytes, { least: 1 }),
    retry: retry === undefined ? defaults.retry : readRetry(retry),
  }
}

type LimitOptions = Pick<UpstreamOptions, 'timeout' | 'maxResponseBytes' | 'retry'>

function readRetry(retry: RetryHabits | false): Limits['retry'] {
  if (retry === false) return undefined
  const { retries = 2, initialDelay = 200, maxDelay = 10_000, factor = 2, jitter = true } = retry
  checkNumber('retry.retries', retries, { least: 0, most: 100, whole: true })
  checkNumber('retry.initialDelay', initialDelay, { least: 0, most: LONGEST_TIMER })
  checkNumber('retry.maxDelay', maxDelay, { least: 0, most: LONGEST_TIMER })
  checkNumber('retry.factor', factor, { least: 1 })
  return retries === 0 ? undefined : { retries, initialDelay, maxDelay, factor, jitter }
}

/** The constructor of `Headers` says in its errors what it cannot hold, which may be a key. */
function readHeaders(given: Readonly<Record<string, string>>): Headers {
  const headers = new Headers()
  for (const [name, value] of Object.entries(given)) {
    if (!setHeader(headers, name, value))
      throw new FastMCPError('SETTING', `headers: ${name.slice(0, 60)} cannot be sent`)
  }
  return headers
}

/** Returns whether name and value can be a header. */
export function setHeader(headers: Headers, name: string, value: unknown): boolean {
  if (typeof value !== 'string') return false
  try {
    headers.set(name, value)
    return true
  } catch {
    return false
  }
}
