import type { Auth } from '../../engine/auth.ts'
import type { Awaitable } from '../../engine/call.ts'
import type { Authenticate, HttpRequest, Report } from './options.ts'
import { HEADERS_TOO_LARGE, Refusal, UNAUTHENTICATED } from './refusal.ts'

/** Who a request comes from, or why it is turned away. Never throws or rejects. */
export type Identify = (request: HttpRequest) => Awaitable<Auth | Refusal>

/** Bounds and outlets of an identification. */
export interface IdentifyOptions {
  /** Most characters in the `Authorization` header. */
  readonly longest: number
  readonly report: Report
}

/** Runs `authenticate` so that whatever is not clearly a principal is refused; its failures are reported. */
export function identifying(authenticate: Authenticate, { longest, report }: IdentifyOptions): Identify {
  const fail = (cause: unknown): Refusal => {
    report(new Error('authenticate failed', { cause }), { during: 'authenticate' })
    return UNAUTHENTICATED
  }
  return (request) => {
    if ((request.header('authorization')?.length ?? 0) > longest) return HEADERS_TOO_LARGE
    try {
      const found = authenticate(request)
      return isThenable(found) ? Promise.resolve(found).then(principalOrRefusal).catch(fail) : principalOrRefusal(found)
    } catch (cause) {
      return fail(cause)
    }
  }
}

function isThenable<T>(value: Awaitable<T>): value is Promise<T> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function'
}

/** Plain JavaScript may return anything: only an object that names a subject is a principal. */
function principalOrRefusal(found: Auth | Refusal | undefined): Auth | Refusal {
  if (found instanceof Refusal) return found
  const subject: unknown = found?.subject
  return found !== undefined && typeof subject === 'string' && subject !== '' ? found : UNAUTHENTICATED
}
