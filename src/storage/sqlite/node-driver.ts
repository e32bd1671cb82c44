import { type Cell, type Connection, type Driver, type FileProblem, guarded } from './connection.ts'

/** As much of the module `node:sqlite` as is used here. */
export interface NodeSqlite {
  readonly DatabaseSync: new (
    path: string,
  ) => {
    exec(sql: string): void
    prepare(sql: string): Statement
    close(): void
  }
}

interface Statement {
  all(...cells: readonly Cell[]): readonly Readonly<Record<string, unknown>>[]
  run(...cells: readonly Cell[]): { readonly changes: number | bigint }
}

/** Node's own SQLite. Its locks let other processes in between two statements, so a connection stays open. */
export function createNodeDriver({ DatabaseSync }: NodeSqlite): Driver {
  return {
    isExclusive: false,
    open(path) {
      const database = guarded(() => new DatabaseSync(path), kindOf)
      const known = new Map<string, Statement>()
      const statement = (sql: string): Statement => {
        const prepared = known.get(sql) ?? database.prepare(sql)
        known.set(sql, prepared)
        return prepared
      }
      const connection: Connection = {
        exec: (sql) => guarded(() => database.exec(sql), kindOf),
        all: (sql, ...cells) => guarded(() => statement(sql).all(...cells), kindOf),
        run: (sql, ...cells) => guarded(() => Number(statement(sql).run(...cells).changes), kindOf),
        close() {
          try {
            database.close()
          } catch {
            // A broken file need not be closed well.
          }
        },
      }
      return connection
    },
  }
}

/** Primary result codes (sqlite.org/rescode.html): BUSY, LOCKED, FULL; the bits above are details. */
function kindOf(problem: unknown): FileProblem['kind'] {
  const code = problem instanceof Error && 'errcode' in problem ? Number(problem.errcode) & 0xff : 0
  if (code === 5 || code === 6) return 'busy'
  return code === 13 ? 'full' : 'broken'
}
