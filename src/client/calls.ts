import type { Client as OfficialClient, RequestOptions } from '@modelcontextprotocol/client'
import type { Asks } from './asks.ts'
import type { Logs } from './logs.ts'
import type { CallOptions, ConnectOptions } from './options.ts'
import type { ProgressReports } from './progress-reports.ts'
import { toClientError } from './translate.ts'
import { unlessAborted } from './unless-aborted.ts'
import { addressesIn } from './url-required.ts'
import { MOST_MS, TIMEOUT_MS, type Wait, type Waits } from './waits.ts'

/** How often a server may send the user somewhere for one call. */
const MOST_ROUNDS = 10
/** Its own clock, which this one takes the place of, cannot be switched off: as long as a timer can be. */
const NEVER_MS = 2 ** 31 - 1

/** What calls have in common. */
interface Circumstances {
  readonly official: OfficialClient
  readonly options: ConnectOptions
  readonly logs: Logs
  readonly waits: Waits
  readonly asks: Asks
  readonly reports: ProgressReports
}

/** `_meta` of a request, where there is any. */
export interface MetaParams {
  _meta?: Record<string, unknown>
}

/** How the official client is to make a call. */
export type How = RequestOptions & { readonly signal: AbortSignal }

type Work<T> = (params: MetaParams, how: How) => Promise<T>

/** Makes the calls of a connection: each with its time, its listeners and errors of ours. */
export class Calls {
  readonly #all: Circumstances

  constructor(circumstances: Circumstances) {
    this.#all = circumstances
  }

  run<T>(options: CallOptions | undefined, work: Work<T>): Promise<T> {
    return this.runOnce(options, (params, how) => this.#untilVisited(() => work(params, how), how.signal))
  }

  /** The same, but an address to visit first is an error as any other. */
  async runOnce<T>(options: CallOptions = {}, work: Work<T>): Promise<T> {
    const { logs, waits } = this.#all
    const stop = options.onLog && logs.add(options.onLog)
    const wait = this.#begin(options)
    const report = this.#listen(options, wait)
    try {
      await unlessAborted(logs.ready(), wait.signal)
      const meta = { ...logs.meta, ...options.meta, ...(report && { progressToken: report.token }) }
      const params = Object.keys(meta).length === 0 ? {} : { _meta: meta }
      return await work(params, { signal: wait.signal, timeout: NEVER_MS })
    } catch (problem) {
      if (options.signal?.aborted) throw options.signal.reason
      throw toClientError(wait.signal.aborted ? wait.signal.reason : problem)
    } finally {
      waits.end(wait)
      report?.close()
      stop?.()
    }
  }

  /** Makes a call again each time that the user was where the server wanted the user first. */
  async #untilVisited<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
    for (let round = 0; ; round++) {
      try {
        return await work()
      } catch (problem) {
        const addresses = round < MOST_ROUNDS ? addressesIn(problem) : undefined
        if (addresses === undefined) throw problem
        for (const address of addresses) if (!(await this.#all.asks.visit(address, signal))) throw problem
      }
    }
  }

  #begin({ signal, timeout = this.#all.options.timeout ?? TIMEOUT_MS }: CallOptions): Wait {
    return this.#all.waits.begin({ timeout, most: Math.max(timeout, MOST_MS), signal })
  }

  #listen(
    { onProgress = this.#all.options.onProgress }: CallOptions,
    wait: Wait,
  ): ReturnType<ProgressReports['open']> | undefined {
    if (onProgress === undefined) return undefined
    return this.#all.reports.open((progress) => {
      this.#all.waits.heard(wait)
      onProgress(progress)
    })
  }
}
