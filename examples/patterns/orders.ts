import { setImmediate as turn } from 'node:timers/promises'

/** Stands for a table of a database: 10,000 orders. */
const TABLE = Array.from({ length: 10_000 }, (_, index) => ({ id: index + 1, total: (index * 37) % 500 }))

/** What a driver gives to read a table by parts. */
export interface Cursor {
  /** How many rows were read. */
  readonly position: number
  readonly isOpen: boolean
  read(most: number): Promise<readonly { readonly id: number; readonly total: number }[]>
  close(): Promise<void>
}

/** Every cursor that was opened, last one last. */
export const cursors: Cursor[] = []

export async function openCursor(): Promise<Cursor> {
  let position = 0
  let isOpen = true
  const cursor: Cursor = {
    get position() {
      return position
    },
    get isOpen() {
      return isOpen
    },
    async read(most) {
      await turn()
      const rows = TABLE.slice(position, position + most)
      position += rows.length
      return rows
    },
    async close() {
      isOpen = false
    },
  }
  cursors.push(cursor)
  return cursor
}
