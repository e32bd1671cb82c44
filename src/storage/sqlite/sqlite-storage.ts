import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { FastMCPError } from '../../protocol/errors.ts'
import { steadyNow } from '../clock.ts'
import { type Change, checkKey, checkSize, type Entry, entryOf, incrementBy, updateBy, valueIn } from '../entry.ts'
import { checkNumber } from '../setting.ts'
import type { KeepOptions, Storage, Stored } from '../storage.ts'
import { chooseDriver, type DriverName } from './choose-driver.ts'
import { type Driver, FileProblem } from './connection.ts'
import type { Table } from './table.ts'
import { type Work, WorkQueue } from './work-queue.ts'

/** Where a SQLite storage lies, and its bounds. */
export interface SqliteStorageOptions {
  /** The file. It and its folder are made where they are not there, readable for their owner alone. */
  readonly path: string | URL
  /** Largest size of the file; default 1 GiB. When it is full, nothing more goes in but in place of what has expired. */
  readonly maxBytes?: number
  /** Of one value with its key, in bytes of UTF-16 text; default 1 MiB. */
  readonly maxValueBytes?: number
  /** How long an operation waits while other processes use the file, in milliseconds; default 15,000. */
  readonly timeoutMs?: number
  /** What brings SQLite along; default: Node's own where it has one, then the package. */
  readonly driver?: DriverName
}

/** A storage that has a file open. */
export interface SqliteStorage extends Storage, AsyncDisposable {
  /** Finishes what was begun, and closes the file. Afterwards everything rejects. */
  close(): Promise<void>
}

/** After a write, at most so many that have expired go, so that no write waits long. */
const EXPIRED_PER_WRITE = 16
const EXPIRED_WHEN_FULL = 1_000
const KEYS_PER_PAGE = 256
/** How long nothing is looked for once all that had expired is gone. */
const SWEEP_PAUSE_MS = 1_000
/** How often a change is tried at once when others were faster; then they get a moment. */
const TRIES = 8

/**
 * Keeps everything in a file, which several processes on one machine may share. Needs Node 22.13, which has SQLite, or
 * the package `node-sqlite3-wasm`; all processes on one file must use the same of the two. The file is opened when it is
 * first needed; one that is damaged or full makes operations reject with `UNAVAILABLE`, and is tried again by the next.
 *
 * @example
 * const storage = createSqliteStorage({ path: './data/state.db' })
 * export const mcp = new FastMCP({ name: 'shop', version: '1.0.0', storage })
 */
export function createSqliteStorage(options: SqliteStorageOptions): SqliteStorage {
  return openSqliteStorage(options, chooseDriver(options.driver))
}

/** The same with a driver at hand. */
export function openSqliteStorage(options: Omit<SqliteStorageOptions, 'driver'>, driver: Driver): SqliteStorage {
  const { maxBytes = 1024 ** 3, maxValueBytes = 1024 ** 2, timeoutMs = 15_000 } = options
  const queue = new WorkQueue({
    driver,
    path: pathOf(options.path),
    maxBytes: checkNumber('maxBytes', maxBytes),
    timeoutMs: checkNumber('timeoutMs', timeoutMs),
  })
  return new FileStorage(queue, checkNumber('maxValueBytes', maxValueBytes))
}

function pathOf(path: string | URL): string {
  if (path instanceof URL) return fileURLToPath(path)
  if (typeof path === 'string' && path !== '' && !/^(file:|:memory:)|\0/.test(path)) return resolve(path)
  const advice = path === ':memory:' ? 'use createMemoryStorage()' : 'give the path of a file, or a file URL'
  throw new FastMCPError('SETTING', `path is ${JSON.stringify(path) ?? 'missing'}; ${advice}`)
}

class FileStorage implements SqliteStorage {
  readonly #queue: WorkQueue
  readonly #maxValueBytes: number
  #nextSweep = 0

  constructor(queue: WorkQueue, maxValueBytes: number) {
    this.#queue = queue
    this.#maxValueBytes = maxValueBytes
  }

  async get(key: string): Promise<Stored | undefined> {
    return valueIn(await this.#queue.do((table) => table.find(key, steadyNow())))
  }

  async set(key: string, value: Stored, options: KeepOptions = {}): Promise<void> {
    checkKey(key)
    const entry = entryOf(value, options)
    checkSize(key, entry, this.#maxValueBytes)
    await this.#write((table) => table.put(key, entry))
  }

  async delete(key: string): Promise<boolean> {
    return this.#write((table) => table.remove(key, steadyNow()))
  }

  async update(
    key: string,
    change: (current: Stored | undefined) => Stored | undefined,
    options: KeepOptions = {},
  ): Promise<Stored | undefined> {
    return valueIn(await this.#change(key, updateBy(change, options)))
  }

  async increment(key: string, by = 1, options: KeepOptions = {}): Promise<number> {
    return Number((await this.#change(key, incrementBy(key, by, options)))?.text)
  }

  /** Page by page, so that no list holds up what else is to be done. */
  async *list(prefix: string): AsyncGenerator<string> {
    // Half a pair at the end begins keys in which the pair is whole.
    let from = prefix.replace(/[\ud800-\udbff]$/, '')
    const common = from
    let last: string | undefined
    for (;;) {
      const page = await this.#queue.do((table) => table.keys(from, steadyNow(), KEYS_PER_PAGE))
      for (const key of page) {
        if (!key.startsWith(common)) return
        if (key !== last && key.startsWith(prefix)) yield key
      }
      last = page.at(-1)
      if (last === undefined || page.length < KEYS_PER_PAGE) return
      from = last
    }
  }

  async close(): Promise<void> {
    await this.#queue.close()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  async #change(key: string, change: Change): Promise<Entry | undefined> {
    checkKey(key)
    return this.#write((table) => {
      for (let tries = 0; tries < TRIES; tries++) {
        const now = steadyNow()
        const before = table.find(key, now)
        const after = change(before)
        if (after !== undefined) checkSize(key, after, this.#maxValueBytes)
        if (isDone(table, { key, before, after, now })) return after
      }
      throw new FileProblem('busy', new Error('others change the same value all the time'))
    })
  }

  #write<T>(work: Work<T>): Promise<T> {
    return this.#queue.do((table) => {
      const result = withRoom(table, work)
      this.#sweep(table)
      return result
    })
  }

  #sweep(table: Table): void {
    const now = steadyNow()
    if (now < this.#nextSweep) return
    try {
      const isMore = table.sweep(now, EXPIRED_PER_WRITE) === EXPIRED_PER_WRITE
      this.#nextSweep = isMore ? now : now + SWEEP_PAUSE_MS
    } catch (problem) {
      // What was asked for is done; whatever is wrong with the file, the next operation will tell.
      if (!(problem instanceof FileProblem)) throw problem
    }
  }
}

interface Step {
  readonly key: string
  readonly before: Entry | undefined
  readonly after: Entry | undefined
  readonly now: number
}

/** Whether a change could be made: not where another process was faster. */
function isDone(table: Table, { key, before, after, now }: Step): boolean {
  if (after === undefined) return before === undefined || table.removeThis(key, before)
  return before === undefined ? table.add(key, after, now) : table.replace(key, before, after)
}

/** Where the file is full, what has expired makes room, and the work is tried once more. */
function withRoom<T>(table: Table, work: Work<T>): T {
  try {
    return work(table)
  } catch (problem) {
    const isFull = problem instanceof FileProblem && problem.kind === 'full'
    if (!isFull || table.sweep(steadyNow(), EXPIRED_WHEN_FULL) === 0) throw problem
    return work(table)
  }
}
