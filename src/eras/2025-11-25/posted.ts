import type { Auth } from '../../engine/auth.ts'
import type { Acceptance } from '../accept.ts'
import type { Answer, Exchange } from '../exchange.ts'
import { Outlet } from '../outlet.ts'
import type { MessageText } from '../text.ts'
import type { Way } from './origin.ts'

type Headers = Readonly<Record<string, string>>

/** Tells operators what went wrong. */
export type Report = (problem: Error, facts: Readonly<Record<string, unknown>>) => void

/** The way back of one POST: a JSON answer, or an event stream from the first message that goes ahead of it. */
export class PostedWay implements Way {
  readonly #exchange: Exchange
  readonly #acceptance: Acceptance
  readonly report: Report
  #outlet: Outlet | undefined

  constructor(exchange: Exchange, acceptance: Acceptance, report: Report) {
    this.#exchange = exchange
    this.#acceptance = acceptance
    this.report = report
  }

  get auth(): Auth | undefined {
    return this.#exchange.auth
  }

  header(name: string): string | undefined {
    return this.#exchange.header(name)
  }

  onGone(listener: () => void): void {
    this.#exchange.onGone(listener)
  }

  /** A client that takes JSON only misses what goes ahead of its answer. */
  send(text: string): boolean {
    if (!this.#acceptance.stream) return false
    this.#outlet ??= new Outlet(this.#exchange)
    return this.#outlet.send(text)
  }

  /** Gives the answer. `headers` count only if nothing was sent ahead of it. */
  finish(text: MessageText, headers?: Headers): Answer {
    if (this.#outlet !== undefined) return this.#outlet.finish(text)
    const outlet = new Outlet(this.#exchange, headers)
    if (!this.#acceptance.json) outlet.open()
    return outlet.finish(text)
  }

  /** Gives the answers of a batch: as one array, or one by one on a stream, which every client can read. Notifications have none. */
  finishAll(texts: readonly MessageText[]): Answer {
    const outlet = this.#outlet
    if (outlet === undefined) return texts.length === 0 ? { status: 202 } : this.finish(`[${texts.join(',')}]`)
    for (const text of texts) outlet.send(String(text))
    return outlet.end()
  }

  /** Ends without an answer, for what was cancelled: an event stream without one is the only legal form. */
  end(): Answer {
    const outlet = this.#outlet ?? new Outlet(this.#exchange)
    return outlet.end()
  }
}
