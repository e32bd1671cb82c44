import { existsSync } from 'node:fs'
import { type Cell, type Connection, type Driver, FileProblem, guarded } from './connection.ts'
import { createLockWatch } from './lock-watch.ts'

/** As much of the package `node-sqlite3-wasm` as is used here. */
export interface WasmSqlite {
  readonly Database: new (
    path: string,
  ) => {
    exec(sql: string): void
    all(sql: string, cells: readonly Cell[]): readonly Readonly<Record<string, unknown>>[]
    run(sql: string, cells: readonly Cell[]): { readonly changes: number }
    close(): void
  }
}

/** How long a lock must have been the same one to count as left behind by a process that has died. */
const ABANDONED_AFTER_MS = 30_000

/**
 * SQLite in WebAssembly. Its locks are folders beside the file, all of them exclusive, which goes together with a
 * write-ahead log in exclusive mode: what is not whole in that does not count, however its writer has ended. So a
 * connection has the file to itself, and lasts for a turn.
 */
export function createWasmDriver({ Database }: WasmSqlite, abandonedAfterMs: number = ABANDONED_AFTER_MS): Driver {
  const watches = new Map<string, () => void>()
  return {
    isExclusive: true,
    open(path) {
      const watch = watches.get(path) ?? createLockWatch(`${path}.lock`, abandonedAfterMs)
      watches.set(path, watch)
      if (existsSync(`${path}-shm`)) throw new FileProblem('broken', FOREIGN)
      const attempt = <T>(work: () => T): T => {
        try {
          return guarded(work, kindOf)
        } catch (problem) {
          if (problem instanceof FileProblem && problem.kind === 'busy') watch()
          throw problem
        }
      }
      const database = attempt(() => new Database(path))
      const connection: Connection = {
        exec: (sql) => attempt(() => database.exec(sql)),
        all: (sql, ...cells) => attempt(() => database.all(sql, cells)),
        run: (sql, ...cells) => attempt(() => database.run(sql, cells).changes),
        close() {
          try {
            database.close()
          } catch {
            // A broken file need not be closed well.
          }
        },
      }
      try {
        // Before anything is read, for then it would be too late.
        connection.exec('PRAGMA locking_mode = EXCLUSIVE')
        return connection
      } catch (problem) {
        connection.close()
        throw problem
      }
    },
  }
}

/** A shared memory file is there as long as somebody has the file open whose locks mean nothing here. */
const FOREIGN =
  'it is open in a process that uses another build of SQLite, or such a process has died; all processes on one file must use the same driver'

/** There are no codes, only the words that SQLite has for them. */
function kindOf(problem: unknown): FileProblem['kind'] {
  const words = problem instanceof Error ? problem.message : ''
  if (words.includes('is locked')) return 'busy'
  return words.includes('is full') ? 'full' : 'broken'
}
