import type { Entry } from '../entry.ts'
import type { Connection } from './connection.ts'
import { fromKeyText, toKeyText } from './key-text.ts'

const LIVE = '(expires_at IS NULL OR expires_at > ?)'

const FIND = `SELECT value, expires_at FROM fastmcp_storage WHERE key = ? AND ${LIVE}`
const PUT = `INSERT INTO fastmcp_storage (key, value, expires_at) VALUES (?, ?, ?)
  ON CONFLICT (key) DO UPDATE SET value = excluded.value, expires_at = excluded.expires_at`
const ADD = `${PUT} WHERE expires_at <= ?`
const REPLACE = 'UPDATE fastmcp_storage SET value = ?, expires_at = ? WHERE key = ? AND value = ? AND expires_at IS ?'
const REMOVE = `DELETE FROM fastmcp_storage WHERE key = ? AND ${LIVE}`
const REMOVE_THIS = 'DELETE FROM fastmcp_storage WHERE key = ? AND value = ? AND expires_at IS ?'
const KEYS = `SELECT key FROM fastmcp_storage WHERE key >= ? AND ${LIVE} ORDER BY key LIMIT ?`
const SWEEP = `DELETE FROM fastmcp_storage WHERE key IN
  (SELECT key FROM fastmcp_storage WHERE expires_at <= ? ORDER BY expires_at LIMIT ?)`

/** The entries of a database file. Every method is one statement, and so happens as a whole or not at all. */
export class Table {
  readonly #connection: Connection

  constructor(connection: Connection) {
    this.#connection = connection
  }

  find(key: string, now: number): Entry | undefined {
    const [row] = this.#connection.all(FIND, toKeyText(key), now)
    return row && { text: String(row.value), expiresAt: Number(row.expires_at ?? Number.POSITIVE_INFINITY) }
  }

  put(key: string, { text, expiresAt }: Entry): void {
    this.#connection.run(PUT, toKeyText(key), text, cellOf(expiresAt))
  }

  /** Puts an entry where there is none. Returns whether there was none. */
  add(key: string, { text, expiresAt }: Entry, now: number): boolean {
    return this.#connection.run(ADD, toKeyText(key), text, cellOf(expiresAt), now) > 0
  }

  /** Puts an entry in the place of another. Returns whether that one was still there. */
  replace(key: string, before: Entry, { text, expiresAt }: Entry): boolean {
    const cells = [text, cellOf(expiresAt), toKeyText(key), before.text, cellOf(before.expiresAt)]
    return this.#connection.run(REPLACE, ...cells) > 0
  }

  /** Returns whether there was anything to remove. */
  remove(key: string, now: number): boolean {
    return this.#connection.run(REMOVE, toKeyText(key), now) > 0
  }

  /** Removes an entry if it is still this one; returns whether it was. */
  removeThis(key: string, { text, expiresAt }: Entry): boolean {
    return this.#connection.run(REMOVE_THIS, toKeyText(key), text, cellOf(expiresAt)) > 0
  }

  /** At most so many keys, in the order of the file, of which the first is `from` or comes next after it. */
  keys(from: string, now: number, most: number): readonly string[] {
    return this.#connection.all(KEYS, toKeyText(from), now, most).map(({ key }) => fromKeyText(String(key)))
  }

  /** Removes at most so many entries that have expired; returns how many. */
  sweep(now: number, most: number): number {
    return this.#connection.run(SWEEP, now, most)
  }
}

function cellOf(expiresAt: number): number | null {
  return Number.isFinite(expiresAt) ? expiresAt : null
}
