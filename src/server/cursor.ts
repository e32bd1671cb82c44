import { McpError } from '../protocol/errors.ts'

/** Where a walk through a list stands. A mark stands for an id: ids may be long, and a cursor travels twice. */
export interface Position {
  /** How many entries were shown. */
  readonly shown: number
  /** The marks of the newest of them, oldest first. */
  readonly seen: readonly number[]
  /** The marks of the entries that were about to come, in order. */
  readonly next: readonly number[]
}

/** How many entries a cursor remembers. */
export const REMEMBERED: { readonly seen: number; readonly next: number } = { seen: 512, next: 8 }

/** 48 bits for an id, the same in every process that serves the list. */
export function markOf(id: string): number {
  let low = 0x811c9dc5
  let high = 0x2545f491
  for (let index = 0; index < id.length; index++) {
    const code = id.charCodeAt(index)
    low = Math.imul(low ^ code, 0x01000193)
    high = Math.imul(high ^ code, 0x85ebca6b)
  }
  low = Math.imul(low ^ (low >>> 16), 0xc2b2ae35) ^ high
  high = Math.imul(high ^ (high >>> 13), 0x27d4eb2f) ^ low
  return ((high ^ (high >>> 15)) & 0xffff) * 0x1_0000_0000 + ((low ^ (low >>> 13)) >>> 0)
}

/** The text of a position. */
export function writeCursor({ shown, seen, next }: Position): string {
  const marks = [...seen, ...next]
  const view = new DataView(new ArrayBuffer(HEAD + MARK * marks.length))
  view.setUint32(4, shown)
  view.setUint8(8, next.length)
  for (const [index, mark] of marks.entries()) writeMark(view, HEAD + MARK * index, mark)
  view.setUint32(0, checksum(view))
  let text = ''
  for (let at = 0; at < view.byteLength; at++) text += String.fromCharCode(view.getUint8(at))
  return btoa(text)
}

/** The position that a cursor holds. Throws `INVALID_PARAMS` for a text that is no cursor. */
export function readCursor(cursor: string): Position {
  const view = bytesOf(cursor)
  const count = view === undefined ? -1 : (view.byteLength - HEAD) / MARK
  if (view === undefined || !Number.isInteger(count) || count < 0 || view.getUint32(0) !== checksum(view)) {
    throw new McpError('INVALID_PARAMS', 'Invalid cursor. List again from the start, without a cursor')
  }
  const marks = Array.from({ length: count }, (_, index) => readMark(view, HEAD + MARK * index))
  const ahead = Math.min(view.getUint8(8), count)
  return { shown: view.getUint32(4), seen: marks.slice(0, count - ahead), next: marks.slice(count - ahead) }
}

/**
 * The places of a list, given by the marks of its entries, that a walk has still to show. Whatever came
 * and went since: no entry that was there all the time is left out, and none that the cursor remembers
 * comes twice. Entries that were put in before the place where the walk stood are not shown.
 */
export function remaining(marks: readonly number[], { shown, seen, next }: Position): readonly number[] {
  const start = startOf(marks, { shown, seen, next })
  const known = new Set(seen)
  const places: number[] = []
  for (let place = start; place < marks.length; place++) if (!known.has(marks[place] ?? -1)) places.push(place)
  return places
}

/** Behind the newest entry that is still there, but never behind one that was about to come. */
function startOf(marks: readonly number[], { shown, seen, next }: Position): number {
  const place = new Map(marks.map((mark, index) => [mark, index]))
  const newest = seen.findLast((mark) => place.has(mark))
  // Of all that was shown nothing is left: all that is here is new.
  if (newest === undefined && shown <= seen.length) return 0
  const behind = newest === undefined ? shown : (place.get(newest) ?? 0) + 1
  return Math.min(behind, marks.length, ...next.flatMap((mark) => place.get(mark) ?? []))
}

const HEAD = 9
const MARK = 6
const LONGEST = 8_192

function writeMark(view: DataView, at: number, mark: number): void {
  view.setUint16(at, Math.floor(mark / 0x1_0000_0000))
  view.setUint32(at + 2, mark % 0x1_0000_0000)
}

function readMark(view: DataView, at: number): number {
  return view.getUint16(at) * 0x1_0000_0000 + view.getUint32(at + 2)
}

function bytesOf(cursor: string): DataView | undefined {
  if (cursor.length > LONGEST) return undefined
  try {
    const bytes = Uint8Array.from(atob(cursor), (character) => character.charCodeAt(0))
    return bytes.length < HEAD ? undefined : new DataView(bytes.buffer)
  } catch {
    return undefined
  }
}

/** Tells a cursor from any other text, not an honest client from a dishonest one: there is nothing to gain. */
function checksum(view: DataView): number {
  let sum = 0x811c9dc5
  for (let at = 4; at < view.byteLength; at++) sum = Math.imul(sum ^ view.getUint8(at), 0x01000193)
  return sum >>> 0
}
