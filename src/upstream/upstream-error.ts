import { ToolError, type ToolErrorCode } from '../protocol/errors.ts'

/**
 * What went wrong between us and an upstream:
 * - `status`: it answered, but not with success
 * - `unauthorized`: we have no proof to show it, because no token was to be had
 * - `forbidden`: it is where nothing is called, as it is not an address of the public internet
 * - `timeout`, `unreachable`, `redirected`: no answer came
 * - `too_large`, `not_json`, `unexpected`: an answer came that is not what was asked for
 */
export type UpstreamReason =
  | 'status'
  | 'unauthorized'
  | 'forbidden'
  | 'timeout'
  | 'unreachable'
  | 'redirected'
  | 'too_large'
  | 'not_json'
  | 'unexpected'

/** The facts of a failed request. */
export interface UpstreamFacts {
  readonly reason: UpstreamReason
  /** Of the answer, where one came. */
  readonly status?: number | undefined
  /** When the upstream wants to be asked again, in milliseconds. */
  readonly retryAfterMs?: number | undefined
  /** What the upstream said of it; masked and short. */
  readonly excerpt?: string | undefined
  /** Left out, by the reason and the status. */
  readonly code?: ToolErrorCode | undefined
  readonly cause?: unknown
}

/**
 * A request to an upstream that failed. Uncaught, it is what the model reads: who failed at what, with `NOT_FOUND`,
 * `UNAUTHORIZED`, `RATE_LIMITED` or `API_ERROR` as its code. What the request proved itself with is never in it.
 *
 * @example
 * try {
 *   return await github.get('/repos/{name}', { params: { name } })
 * } catch (problem) {
 *   if (problem instanceof UpstreamError && problem.status === 404) return undefined
 *   throw problem
 * }
 */
export class UpstreamError extends ToolError {
  readonly reason: UpstreamReason
  readonly status: number | undefined
  readonly retryAfterMs: number | undefined
  readonly excerpt: string | undefined
  /** Whether it may be gone at the next try; `retry` looks at it. */
  readonly retryable: boolean

  constructor(message: string, facts: UpstreamFacts) {
    const { reason, status, retryAfterMs, excerpt, code = codeOf(reason, status), cause } = facts
    super(code, message, {
      reason,
      ...(status !== undefined && { status }),
      ...(retryAfterMs !== undefined && { retryAfterSeconds: Math.ceil(retryAfterMs / 1000) }),
      ...(excerpt !== undefined && { excerpt }),
      ...(cause !== undefined && { cause }),
    })
    this.reason = reason
    this.status = status
    this.retryAfterMs = retryAfterMs
    this.excerpt = excerpt
    this.retryable = reason === 'timeout' || reason === 'unreachable' || PASSING.has(status ?? 0)
  }
}

/** Answers that say: not now. */
const PASSING: ReadonlySet<number> = new Set([408, 425, 429, 502, 503, 504])

function codeOf(reason: UpstreamReason, status: number | undefined): ToolErrorCode {
  if (reason === 'unauthorized') return 'UNAUTHORIZED'
  if (reason !== 'status') return 'API_ERROR'
  if (status === 401 || status === 403) return 'UNAUTHORIZED'
  if (status === 404 || status === 410) return 'NOT_FOUND'
  return status === 429 ? 'RATE_LIMITED' : 'API_ERROR'
}
