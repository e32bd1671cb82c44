import { StorageError } from '../storage.ts'
import { type Driver, FileProblem } from './connection.ts'
import { type FileOptions, type OpenTable, openTable } from './open-table.ts'
import type { Table } from './table.ts'

/** Something to be done with a table, at once. It may be begun again when another process has the file. */
export type Work<T> = (table: Table) => T

/** What the queue works with, and for how long it waits for other processes. */
export interface QueueOptions extends FileOptions {
  readonly driver: Driver
  readonly timeoutMs: number
}

interface Job {
  readonly since: number
  begin(table: Table): void
  fail(problem: unknown): void
  readonly done: Promise<unknown>
}

/** After so much work other events of the process have their turn. */
const TURN_MS = 10
const LONGEST_PAUSE_MS = 50

/**
 * Does work on a database file in order, many pieces in one turn. Nothing here blocks while another process has the
 * file: the work is tried again later.
 */
export class WorkQueue {
  readonly #options: QueueOptions
  readonly #jobs = new Set<Job>()
  #open: OpenTable | undefined
  #isDue = false
  #isClosed = false
  #failures = 0

  constructor(options: QueueOptions) {
    this.#options = options
  }

  /** Rejects with what the work throws, and with `UNAVAILABLE` for a file that does not do. */
  do<T>(work: Work<T>): Promise<T> {
    if (this.#isClosed) return Promise.reject(new StorageError('UNAVAILABLE', `${this.#name} is closed`))
    const { promise, resolve, reject } = settled<T>()
    this.#jobs.add({
      since: performance.now(),
      begin: (table) => resolve(work(table)),
      fail: reject,
      done: promise,
    })
    if (!this.#isDue) {
      this.#isDue = true
      queueMicrotask(() => this.#turn())
    }
    return promise
  }

  /** Finishes what was begun, and closes the file. */
  async close(): Promise<void> {
    this.#isClosed = true
    await Promise.allSettled(Array.from(this.#jobs, ({ done }) => done))
    this.#release()
  }

  #turn(): void {
    this.#isDue = false
    const begun = performance.now()
    for (const job of this.#jobs) {
      if (!this.#isFinished(job)) {
        this.#later(pauseAfter(this.#failures++))
        break
      }
      this.#failures = 0
      this.#jobs.delete(job)
      if (this.#jobs.size > 0 && performance.now() - begun > TURN_MS) {
        this.#later(0)
        break
      }
    }
    if (this.#options.driver.isExclusive) this.#release()
  }

  #later(ms: number): void {
    if (this.#isDue) return
    this.#isDue = true
    setTimeout(() => this.#turn(), ms)
  }

  /** Does a job, for better or worse; false when it has to wait. */
  #isFinished(job: Job): boolean {
    try {
      this.#open ??= openTable(this.#options.driver, this.#options)
      job.begin(this.#open.table)
    } catch (problem) {
      if (!(problem instanceof FileProblem)) job.fail(problem)
      else if (problem.kind === 'busy' && performance.now() - job.since < this.#options.timeoutMs) return false
      else this.#fail(job, problem)
    }
    return true
  }

  /** The next job finds the file opened anew: it may have been repaired or replaced. */
  #fail(job: Job, problem: FileProblem): void {
    this.#release()
    job.fail(
      new StorageError('UNAVAILABLE', `${this.#name} does not answer: ${problem.message}`, { cause: problem.cause }),
    )
  }

  #release(): void {
    this.#open?.close()
    this.#open = undefined
  }

  get #name(): string {
    return `The SQLite storage ${this.#options.path}`
  }
}

/** Somewhere in a time that doubles, so that processes which met do not meet again. */
function pauseAfter(failures: number): number {
  return Math.random() * Math.min(2 ** Math.min(failures, 10), LONGEST_PAUSE_MS)
}

function settled<T>(): {
  readonly promise: Promise<T>
  readonly resolve: (value: T) => void
  readonly reject: (problem: unknown) => void
} {
  let resolve: (value: T) => void = () => undefined
  let reject: (problem: unknown) => void = () => undefined
  const promise = new Promise<T>((onResolve, onReject) => {
    resolve = onResolve
    reject = onReject
  })
  return { promise, resolve, reject }
}
