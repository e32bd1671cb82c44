import { mask } from './mask.ts'
import { UpstreamError, type UpstreamReason } from './upstream-error.ts'

/** What a request is, as far as errors tell of it. */
export interface Errand {
  /** The upstream's. */
  readonly name: string
  readonly method: string
  /** Below the base, with the names of its parameters and not their values. */
  readonly path: string
  /** What must not be told; asked for when something failed. */
  secrets(): readonly string[]
}

const LONGEST_PATH = 200

/** The request in words: its method and its path, without the query. */
export function labelOf(errand: Errand): string {
  const { method, path } = errand
  const shown = mask(path.startsWith('/') ? path : `/${path}`, errand.secrets())
  return `${method} ${shown.slice(0, LONGEST_PATH)}`
}

/** No whole answer came in time. */
export function timedOut(errand: Errand, ms: number): UpstreamError {
  return new UpstreamError(`${errand.name} did not answer ${labelOf(errand)} within ${ms} ms`, { reason: 'timeout' })
}

/** No answer came, or only a part of it. */
export function unreachable(errand: Errand, problem: unknown): UpstreamError {
  const cause = plainCause(problem, errand.secrets())
  return new UpstreamError(`${errand.name} could not be reached, or broke off, at ${labelOf(errand)}`, {
    reason: 'unreachable',
    cause,
  })
}

/** An answer came that is of no use. */
export function useless(
  errand: Errand,
  reason: UpstreamReason,
  facts: { words: string; status: number },
): UpstreamError {
  const { words, status } = facts
  return new UpstreamError(`${errand.name} answered ${labelOf(errand)} ${words}`, { reason, status })
}

/** The answer leads elsewhere, and we do not go there. Where to is for people only, in `cause`. */
export function misled(
  errand: Errand,
  words: string,
  { status, target }: { status?: number; target?: URL } = {},
): UpstreamError {
  return new UpstreamError(`${errand.name} redirected ${labelOf(errand)} ${words}`, {
    reason: 'redirected',
    status,
    cause: target && new Error(`It leads to ${target.origin}`),
  })
}

const DEEPEST_CAUSE = 4

/** What was thrown below, for people: words without secrets, and the codes of the system such as ECONNREFUSED. */
function plainCause(problem: unknown, secrets: readonly string[]): Error {
  const words: string[] = []
  let code: string | undefined
  let current = problem
  for (let depth = 0; depth < DEEPEST_CAUSE && current instanceof Error; depth++) {
    if (current.message !== '') words.push(mask(current.message, secrets))
    if ('code' in current && typeof current.code === 'string') code = mask(current.code, secrets)
    current = current.cause
  }
  const cause = new Error(words.join(': ') || 'Something that is no error was thrown')
  return code === undefined ? cause : Object.assign(cause, { code })
}
