import type { Auth } from '../engine/auth.ts'
import { retry } from '../resilience/retry.ts'
import type { Proof } from './auth.ts'
import { Deadline } from './deadline.ts'
import type { Errand } from './failures.ts'
import { follow, type Outgoing } from './follow.ts'
import { secretsIn } from './mask.ts'
import type { Limits, Settings } from './settings.ts'
import { UpstreamError } from './upstream-error.ts'
import { UpstreamResponse } from './upstream-response.ts'

/** A request as it was ordered, not proved yet. */
export interface Order extends Outgoing {
  readonly path: string
  readonly limits: Limits
  /** Whether it may be tried again; left out, by its method. */
  readonly idempotent: boolean | undefined
  readonly caller: Auth | undefined
  readonly signal: AbortSignal | undefined
}

/** What becomes of an answer. What it throws may be worth another try, except in the last one. */
export type Take<T> = (response: UpstreamResponse, errand: Errand, isLast: boolean) => Promise<T>

const IDEMPOTENT: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE'])

/** Proves a request, sends it, and takes its answer; tries again what may be tried again. */
export async function exchange<T>(settings: Settings, order: Order, take: Take<T>): Promise<T> {
  const work = new Exchange(settings, order)
  if (settings.auth !== undefined) await work.prove()
  const habits = mayRepeat(order) ? order.limits.retry : undefined
  if (habits === undefined) return work.attempt(take, true)
  try {
    return await work.attempt(take, false)
  } catch (problem) {
    if (!isPassing(problem, habits.maxDelay)) throw problem
    return repeat(problem, habits, { work, order, take })
  }
}

interface Repeated<T> {
  readonly work: Exchange
  readonly order: Order
  readonly take: Take<T>
}

/** Goes on after a first failure. Most requests never get here, and pay nothing for it. */
async function repeat<T>(first: unknown, habits: Habits, { work, order, take }: Repeated<T>): Promise<T> {
  const { retries, maxDelay } = habits
  const again = ({ attempt }: { readonly attempt: number }): Promise<T> =>
    attempt === 1 ? Promise.reject(first) : work.attempt(take, attempt > retries)
  try {
    return await retry(again, { ...habits, signal: order.signal, retryIf: (problem) => isPassing(problem, maxDelay) })
  } catch (problem) {
    throw problem instanceof Error && problem.cause instanceof UpstreamError ? problem.cause : problem
  }
}

type Habits = NonNullable<Limits['retry']>

/** Whether a failure may be gone after a while that we are ready to wait. */
export function isPassing(problem: unknown, maxDelay: number): boolean {
  return problem instanceof UpstreamError && problem.retryable && (problem.retryAfterMs ?? 0) <= maxDelay
}

/** A request through all its tries. */
class Exchange implements Errand {
  readonly #settings: Settings
  readonly #order: Order
  #sent: Outgoing
  #proof: Proof | undefined
  #isRenewed = false

  constructor(settings: Settings, order: Order) {
    this.#settings = settings
    this.#order = order
    this.#sent = order
  }

  get name(): string {
    return this.#settings.name
  }

  get method(): string {
    return this.#order.method
  }

  get path(): string {
    return this.#order.path
  }

  secrets(): readonly string[] {
    const { base } = this.#settings
    // A key in the address itself: some APIs want it there.
    const inBase = base.pathname.split('/').filter((segment) => segment.length >= LEAST_KEY_IN_PATH)
    return [...(this.#proof?.secrets ?? []), ...secretsIn(this.#sent.headers), ...inBase]
  }

  async prove(): Promise<void> {
    const { auth } = this.#settings
    if (auth === undefined) return
    const { method, body, caller, signal } = this.#order
    const [url, headers] = [new URL(this.#order.url), new Headers(this.#order.headers)]
    this.#proof = await auth({ url, headers, caller, signal })
    this.#sent = { method, url, headers, body }
  }

  async attempt<T>(take: Take<T>, isLast: boolean): Promise<T> {
    const response = await this.#send()
    if (response.status !== 401 || !this.#mayRenew()) return take(response, this, isLast)
    response.discard()
    await this.prove()
    return take(await this.#send(), this, isLast)
  }

  async #send(): Promise<UpstreamResponse> {
    const { fetch, abroad, redirects, redirectsNeed } = this.#settings
    const { limits, signal } = this.#order
    const deadline = new Deadline(limits.timeout, signal)
    try {
      const way = { fetch, abroad, redirects, needs: redirectsNeed, signal: deadline.signal }
      const response = await deadline.race(follow(this.#sent, way, this))
      return new UpstreamResponse(response, { deadline, maxBytes: limits.maxResponseBytes }, this)
    } catch (problem) {
      deadline.clear()
      throw deadline.explain(problem, this)
    }
  }

  /** Once: who is refused with a new proof too, is refused. */
  #mayRenew(): boolean {
    if (this.#isRenewed || this.#order.body instanceof ReadableStream) return false
    this.#isRenewed = true
    return this.#proof?.discard?.() === true
  }
}

const LEAST_KEY_IN_PATH = 16

function mayRepeat({ method, idempotent, body }: Order): boolean {
  return (idempotent ?? IDEMPOTENT.has(method)) && !(body instanceof ReadableStream)
}
