import { LOG_LEVELS, type LogLevel } from '../protocol/methods.ts'
import type { Origin } from './origin.ts'

/** Sends a log message to the client: words, and facts as JSON. */
export type LogAt = (message: string, facts?: Readonly<Record<string, unknown>>) => void

/** One function per severity. */
export type Log = { readonly [L in LogLevel]: LogAt }

/** The log of one request: what its client wants to hear, and no more than it reads. */
export function logTo(origin: Origin): Log {
  const least = origin.logLevel === undefined ? LOG_LEVELS.length : LOG_LEVELS.indexOf(origin.logLevel)
  let leftOut = 0
  const send = (level: LogLevel, data: unknown): void => {
    if (origin.flow?.isCongested === true) {
      leftOut++
      return
    }
    if (leftOut > 0) origin.notify('notifications/message', { level: 'warning', data: leftOutWords(leftOut) })
    leftOut = 0
    origin.notify('notifications/message', { level, data })
  }
  const at = (level: LogLevel, rank: number): LogAt =>
    rank < least ? () => undefined : (message, facts) => send(level, facts ? { message, ...facts } : message)
  return Object.fromEntries(LOG_LEVELS.map((level, rank) => [level, at(level, rank)])) as Log
}

/** Hands on what another server logs, if the client wants to hear of it. */
export function relayLog(origin: Origin, entry: RelayedLog): void {
  const { logLevel } = origin
  if (logLevel === undefined || LOG_LEVELS.indexOf(entry.level) < LOG_LEVELS.indexOf(logLevel)) return
  origin.notify('notifications/message', { ...entry })
}

interface RelayedLog {
  readonly level: LogLevel
  readonly logger?: string
  readonly data: unknown
}

function leftOutWords(count: number): string {
  return `${count} log messages were left out here: you read too slowly`
}
