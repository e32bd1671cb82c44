import { createCatalogueNote } from './catalogue-note.ts'
import type { Application } from './engine/application.ts'
import type { Replacements } from './engine/dependency.ts'
import { createEras, type Eras } from './eras/negotiate.ts'
import { type FastMCPOptions, limitsFrom } from './fastmcp-options.ts'
import { httpParts } from './http-parts.ts'
import type { Loopback } from './protocol/loopback.ts'
import type { Provider } from './providers/provider.ts'
import { createReplicaWarning, requestStateFrom } from './request-state.ts'
import { listenOverHttp, runUntilStopped, type Served, type ServeOptions } from './run.ts'
import type { Core } from './server/core.ts'
import type { Health } from './server/health/health.ts'
import type { Reporting } from './server/reporting.ts'
import { type FetchHandler, serveFetch } from './transports/http/fetch.ts'
import { connectMemory, type MemoryOptions } from './transports/memory.ts'
import type { Listening, ListenOptions } from './transports/node/listen.ts'

/** What is served. */
export interface Servable {
  readonly core: Core
  /** What is registered and mounted. */
  readonly provider: Provider
  readonly health: Health
  readonly reporting: Reporting
}

/** What a client in this process takes, and what tests put in place of dependencies for it alone. */
export interface LoopbackOptions extends MemoryOptions {
  readonly replacements?: Replacements
}

/** How a server is served: by eras that are made when somebody first needs them, and end with `close`. */
export class Serving {
  readonly #core: Core
  readonly #served: Omit<Served, 'eras'>
  readonly #makeEras: (application: Application) => Eras
  #eras: Eras | undefined
  /** Of test clients that see something else in place of a dependency. */
  readonly #aside = new Set<Eras>()
  #answer: FetchHandler | undefined

  constructor({ core, provider, health, reporting }: Servable, options: FastMCPOptions) {
    const { report, onRejection } = reporting
    const { begin, end } = core.lifespan
    const { name, storage } = options
    const http = { ...options.http, authenticate: options.authenticate }
    const parts = httpParts(health, http.rateLimit)
    const requestState = requestStateFrom(options.requestState)
    const reached = createReplicaWarning(requestState, report)
    const noteSize = createCatalogueNote(provider, report)
    const start = (): Promise<void> => begin().then(noteSize)
    this.#core = core
    this.#served = { name, http, parts, report, onRejection, begin: start, end, reached }
    this.#makeEras = (application) => createEras(application, { ...limitsFrom(options), requestState, storage })
  }

  /** Answers a web `Request`. */
  fetch(...given: Parameters<FetchHandler>): Promise<Response> {
    if (this.#answer === undefined) {
      const { http, parts, report, reached } = this.#served
      this.#answer = serveFetch(this.#whole.eras, { ...http, report }, parts)
      reached(new URL(given[0].url).hostname)
    }
    return this.#answer(...given)
  }

  /** Serves over HTTP on Node until closed. */
  listen(options: ListenOptions): Promise<Listening> {
    return listenOverHttp(this.#whole, options)
  }

  /** Serves until the process is told to stop. */
  run(options: ServeOptions): Promise<void> {
    return runUntilStopped(this.#whole, options)
  }

  /** A connection for a client in this process. */
  connect(options: LoopbackOptions): Loopback {
    const { replacements } = options
    if (replacements === undefined) return connectMemory(this.#whole.eras, options)
    const eras = this.#makeEras({ ...this.#core, replacements })
    this.#aside.add(eras)
    return connectMemory(eras, options)
  }

  /** Ends all sessions and streams, and what runs beside the calls. */
  async close(): Promise<void> {
    for (const eras of [...this.#aside, this.#eras]) eras?.close()
    this.#aside.clear()
    this.#eras = undefined
    this.#answer = undefined
    await this.#core.lifespan.end()
  }

  get #whole(): Served {
    this.#eras ??= this.#makeEras(this.#core)
    return { ...this.#served, eras: this.#eras }
  }
}
