import { FastMCPError } from '../protocol/errors.ts'
import type { LogLevel } from '../protocol/methods.ts'
import type { Awaitable } from '../schema/awaitable.ts'
import { timestamp } from './timestamp.ts'

/** One call, as it is logged. */
export interface LogEntry {
  /** ISO 8601. */
  readonly time: string
  readonly level: Extract<LogLevel, 'info' | 'warning' | 'error'>
  readonly [member: string]: unknown
}

/**
 * Takes log lines, each of them JSON without a line break; `entry` is the same as an object, for loggers that want one.
 * While a promise of it is open, lines wait for it, in order.
 */
export type LogSink = (line: string, entry: LogEntry) => Awaitable<unknown>

/** The way to a sink. */
export interface Outlet {
  write(entry: LogEntry): void
  /** How many lines the sink refused, or was too slow for. */
  readonly dropped: number
}

const MOST_WAITING = 1000

/**
 * Writes to a sink, and never fails or waits: what the sink throws or rejects is one line lost, and so is what would wait
 * behind 1,000 others. The first line that gets through afterwards tells how many were.
 */
export function createOutlet(sink: LogSink): Outlet {
  const waiting: LogEntry[] = []
  let isBusy = false
  let dropped = 0
  let untold = 0

  const lose = (): void => {
    dropped++
    untold++
  }
  const put = (entry: LogEntry): void => {
    try {
      const given = sink(lineOf(entry), entry)
      if (given instanceof Promise) wait(given)
      else if (untold > 0) tell()
    } catch {
      lose()
    }
  }
  const wait = (given: Promise<unknown>): void => {
    isBusy = true
    given.then(
      () => goOn(true),
      () => goOn(false),
    )
  }
  const goOn = (wentWell: boolean): void => {
    isBusy = false
    if (!wentWell) lose()
    else if (untold > 0) tell()
    while (!isBusy && waiting.length > 0) {
      const next = waiting.shift()
      if (next !== undefined) put(next)
    }
  }
  const tell = (): void => {
    const count = untold
    untold = 0
    put({ time: timestamp(), level: 'warning', message: 'Log lines were left out here', count })
  }

  return {
    get dropped() {
      return dropped
    },
    write(entry) {
      if (!isBusy) put(entry)
      else if (waiting.length < MOST_WAITING) waiting.push(entry)
      else lose()
    },
  }
}

/** Control characters that JSON leaves as they are, and that a terminal or a reader of lines would act on. */
const UNSAFE = /[\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/

function lineOf(entry: LogEntry): string {
  const line = JSON.stringify(entry)
  return UNSAFE.test(line) ? line.replace(new RegExp(UNSAFE, 'g'), escaped) : line
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}

const MOST_UNREAD = 1024 * 1024

/** Writes to standard error. Where nobody reads it, so that a megabyte waits there, lines are lost instead. */
export function toStderr(line: string): void {
  if (unread() > MOST_UNREAD) throw new FastMCPError('LOG_CONGESTED', 'Nobody reads standard error')
  console.error(line)
}

/** Not every runtime has a process. */
function unread(): number {
  const process: unknown = Reflect.get(globalThis, 'process')
  const stderr: unknown = typeof process === 'object' && process !== null ? Reflect.get(process, 'stderr') : undefined
  return typeof stderr === 'object' && stderr !== null ? Number(Reflect.get(stderr, 'writableLength') ?? 0) : 0
}
