import type { Server } from 'node:http'
import { FastMCPError } from '../../protocol/errors.ts'
import type { Report } from '../http/options.ts'

/** Where a server listens, and who hears of it when it cannot. */
export interface Place {
  readonly host: string
  readonly port: number
  readonly report: Report
}

const PAUSE_MS = { first: 100, longest: 5_000 }
/** After so long without a failure the next one counts as the first. */
const FORGOTTEN_MS = 30_000

/**
 * Lets a server live through failures to accept connections: no descriptors, no memory. It stops listening for a
 * moment, which also ends idle connections, and listens again; trying at once would keep the processor busy with
 * failures. Connections that are at work go on.
 */
export class Acceptor {
  /** Resolves once the server has closed for good. */
  readonly closed: Promise<void>
  readonly #server: Server
  readonly #place: Place
  #pause = PAUSE_MS.first
  #failedAt = Number.NEGATIVE_INFINITY
  #timer: ReturnType<typeof setTimeout> | undefined
  #isStopped = false

  constructor(server: Server, place: Place) {
    this.#server = server
    this.#place = place
    server.on('error', (problem: NodeJS.ErrnoException) => this.#fail(problem))
    this.closed = new Promise((resolve) => {
      server.on('close', () => {
        if (this.#timer === undefined) resolve()
      })
    })
  }

  /** From here on the server closes for good. */
  stop(): void {
    this.#isStopped = true
    clearTimeout(this.#timer)
    this.#timer = undefined
  }

  #fail(cause: NodeJS.ErrnoException): void {
    if (this.#isStopped || this.#timer !== undefined) return
    const now = performance.now()
    this.#pause = now - this.#failedAt > FORGOTTEN_MS ? PAUSE_MS.first : Math.min(this.#pause * 2, PAUSE_MS.longest)
    this.#failedAt = now
    const why = cause.code ?? 'no reason was given'
    const words = `No connection can be accepted (${why}): trying again in ${this.#pause} ms. ${adviceFor(cause.code)}`
    this.#timer = setTimeout(() => this.#resume(), this.#pause)
    this.#place.report(new FastMCPError('ACCEPT', words, { cause }), { during: 'accepting connections' })
    if (this.#server.listening) this.#server.close()
  }

  #resume(): void {
    this.#timer = undefined
    const { host, port } = this.#place
    this.#server.listen(port, host)
  }
}

function adviceFor(code: string | undefined): string {
  if (code === 'EMFILE') return 'This process has too many files and sockets open: raise its limit (ulimit -n)'
  if (code === 'ENFILE') return 'This machine has too many files and sockets open'
  return 'This machine is short of something'
}
