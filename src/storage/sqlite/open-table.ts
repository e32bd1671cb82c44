import { closeSync, mkdirSync, openSync } from 'node:fs'
import { dirname } from 'node:path'
import { type Connection, type Driver, FileProblem, guarded } from './connection.ts'
import { Table } from './table.ts'

/** A table that is open. */
export interface OpenTable {
  readonly table: Table
  close(): void
}

/** Where the file is, and how large it may become. */
export interface FileOptions {
  readonly path: string
  readonly maxBytes: number
}

const PRIVATE_FOLDER = 0o700
const PRIVATE_FILE = 0o600

const HAS_TABLE = "SELECT 1 FROM sqlite_schema WHERE name = 'fastmcp_storage_expiry'"
const CREATE = `BEGIN IMMEDIATE;
  CREATE TABLE IF NOT EXISTS fastmcp_storage (key TEXT PRIMARY KEY, value TEXT NOT NULL, expires_at REAL);
  CREATE INDEX IF NOT EXISTS fastmcp_storage_expiry ON fastmcp_storage (expires_at) WHERE expires_at IS NOT NULL;
  COMMIT`

/** Opens a file, and makes it and its folder where they are not there, for their owner alone. Throws `FileProblem`. */
export function openTable(driver: Driver, { path, maxBytes }: FileOptions): OpenTable {
  guarded(
    () => makeFile(path),
    () => 'broken',
  )
  const connection = driver.open(path)
  try {
    preferLog(connection)
    connection.exec('PRAGMA synchronous = NORMAL; PRAGMA secure_delete = FAST')
    connection.exec(`PRAGMA max_page_count = ${pagesOf(connection, maxBytes)}`)
    if (connection.all(HAS_TABLE).length === 0) connection.exec(CREATE)
  } catch (problem) {
    connection.close()
    throw problem
  }
  return { table: new Table(connection), close: () => connection.close() }
}

function makeFile(path: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: PRIVATE_FOLDER })
  closeSync(openSync(path, 'a', PRIVATE_FILE))
}

/** A write-ahead log lets others read during a write. Some file systems cannot have one; all else is the same there. */
function preferLog(connection: Connection): void {
  try {
    connection.all('PRAGMA journal_mode = WAL')
  } catch (problem) {
    if (problem instanceof FileProblem && problem.kind === 'busy') throw problem
  }
}

function pagesOf(connection: Connection, maxBytes: number): number {
  const [row] = connection.all('PRAGMA page_size')
  return Math.max(1, Math.floor(maxBytes / Number(row?.page_size ?? 4_096)))
}
