import { ClientError } from './errors.ts'

/** For calls that set none. */
export const TIMEOUT_MS: number = 60_000
/** However much progress is told, no call lasts longer. */
export const MOST_MS: number = 30 * 60_000

/** How long a call may take, in milliseconds. */
interface Limits {
  /** Without an answer or a report of progress. */
  readonly timeout: number
  /** In all, whatever is reported. */
  readonly most: number
  /** The caller's own end to it. */
  readonly signal?: AbortSignal | undefined
}

/** The time of one call. Its signal ends the call, with the reason as the error. */
export class Wait {
  readonly #ended = new AbortController()
  readonly #limits: Limits
  readonly #last: number
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(limits: Limits) {
    this.#limits = limits
    this.#last = performance.now() + limits.most
    const { signal } = limits
    if (signal?.aborted) this.stop(signal.reason)
    else signal?.addEventListener('abort', this.#onAbort, { once: true })
  }

  get signal(): AbortSignal {
    return this.#ended.signal
  }

  /** Counts the silence from now on. */
  restart(): void {
    const { timeout, most } = this.#limits
    const left = this.#last - performance.now()
    if (left > timeout) this.#set(timeout, `The server did not answer within ${timeout} ms: raise timeout`)
    else this.#set(left, `The call was not done after ${most} ms, however much progress was told`)
  }

  /** Silence does not count while it is not the server that is waited for. */
  pause(): void {
    this.#set(this.#last - performance.now(), `The call was not done after ${this.#limits.most} ms`)
  }

  stop(reason: unknown): void {
    this.#ended.abort(reason)
    this.end()
  }

  /** The call is over. */
  end(): void {
    clearTimeout(this.#timer)
    this.#limits.signal?.removeEventListener('abort', this.#onAbort)
  }

  #set(ms: number, words: string): void {
    clearTimeout(this.#timer)
    if (this.signal.aborted) return
    this.#timer = setTimeout(() => this.stop(new ClientError('TIMEOUT', words)), Math.max(0, ms))
  }

  readonly #onAbort = (): void => this.stop(this.#limits.signal?.reason)
}

/**
 * The times of all calls of a connection. They stand still while the server's questions are being
 * answered: a person may think for longer than a server may be silent, and on most connections
 * nothing tells which call a question belongs to.
 */
export class Waits {
  readonly #running = new Set<Wait>()
  #holds = 0

  begin(limits: Limits): Wait {
    const wait = new Wait(limits)
    this.#running.add(wait)
    if (this.#holds === 0) wait.restart()
    else wait.pause()
    return wait
  }

  /** The server was heard of: its silence counts anew. */
  heard(wait: Wait): void {
    if (this.#holds === 0) wait.restart()
  }

  end(wait: Wait): void {
    wait.end()
    this.#running.delete(wait)
  }

  /** Holds all times until the returned function is called. */
  hold(): () => void {
    if (this.#holds++ === 0) for (const wait of this.#running) wait.pause()
    let held = true
    return () => {
      if (held && --this.#holds === 0) for (const wait of this.#running) wait.restart()
      held = false
    }
  }

  /** Ends every call with one reason. */
  stopAll(reason: unknown): void {
    for (const wait of this.#running) wait.stop(reason)
  }
}
