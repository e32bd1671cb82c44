import { isRecord } from '../protocol/json-rpc.ts'
import type { Progress } from './options.ts'

/**
 * Who hears of the progress of which call. The tokens are our own, not the ids of the official
 * client: all rounds of a call share one, and what it reports of its rounds does not mix in.
 */
export class ProgressReports {
  readonly #calls = new Map<string, { readonly hear: (progress: Progress) => void; last: number; runs: boolean }>()
  #count = 0

  /** The token to send with a call; `close` when the call is over. */
  open(hear: (progress: Progress) => void): { readonly token: string; close(): void } {
    const token = `progress-${++this.#count}`
    this.#calls.set(token, { hear, last: -Infinity, runs: false })
    return { token, close: () => this.#calls.delete(token) }
  }

  /** Notes that a request with this token is on its way, or has its answer: a call can take several, one by one. */
  mark(token: unknown, runs: boolean): void {
    const call = typeof token === 'string' ? this.#calls.get(token) : undefined
    if (call) call.runs = runs
  }

  /** Hands a report on. False if it is of no call that runs, or goes backwards. */
  take(params: unknown): boolean {
    if (!isRecord(params) || typeof params.progressToken !== 'string' || typeof params.progress !== 'number')
      return false
    const { progressToken, progress, total, message } = params
    const call = this.#calls.get(progressToken)
    if (!call?.runs || progress < call.last) return false
    call.last = progress
    call.hear({
      progress,
      ...(typeof total === 'number' && { total }),
      ...(typeof message === 'string' && { message }),
    })
    return true
  }
}
