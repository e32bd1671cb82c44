import type { Command, ConnectOptions, Remote, ServerObject } from '../../client/index.ts'
import { checkKeys } from '../../components/check-keys.ts'
import type { Auth } from '../../engine/auth.ts'
import type { Awaitable } from '../../engine/call.ts'
import { FastMCPError } from '../../protocol/errors.ts'
import { isRecord } from '../../protocol/json-rpc.ts'
import type { PinOptions } from './pins.ts'

/** Where a server is: an address, a command, or a server of this process. */
export type ProxyTarget = string | URL | Command | Remote | ServerObject

/** How a server elsewhere is used. Times in milliseconds. */
export interface ProxyOptions {
  /** Which way of speaking MCP to use with it; default `auto`. Callers may speak either, whatever it speaks. */
  readonly era?: ConnectOptions['era']
  /** For every HTTP request to it, the same for all callers. */
  readonly headers?: Readonly<Record<string, string>>
  /**
   * For the HTTP requests made for one caller, such as a token of theirs for that server. What a server shows may then
   * depend on the caller, so each gets lists of their own. What is undefined is left out.
   */
  readonly headersFor?: (auth: Auth | undefined) => Awaitable<Readonly<Record<string, string | undefined>>>
  /** Headers of the caller's own requests that go along, by name; none otherwise. Each caller then gets lists of their own. */
  readonly forwardHeaders?: readonly string[]
  /** In place of the global `fetch`. */
  readonly fetch?: ConnectOptions['fetch']
  /** For each call without a sign of life; 60 s by default. Questions to the caller do not count. */
  readonly timeout?: number
  /** For connecting, and for each list; 10 s by default. */
  readonly connectTimeout?: number
  /** How old lists may be where the server says nothing of it; 60 s by default. Of changes that it tells, lists know at once. */
  readonly listMaxAge?: number
  /** How long a session is kept warm without a call; 5 minutes by default. */
  readonly idle?: number
  /** Most sessions at once; by default 1,000, and 32 for a command, of which each session runs one. */
  readonly maxSessions?: number
  /** Holds its tools to what somebody has approved. */
  readonly pins?: PinOptions
  /** For a command: what becomes of its standard error; shown by default. */
  readonly stderr?: ConnectOptions['stderr']
  /** Hears of what went wrong beside any call; default standard error. */
  readonly onError?: (problem: Error) => void
}

const KEYS: readonly (keyof ProxyOptions)[] = [
  'era',
  'headers',
  'headersFor',
  'forwardHeaders',
  'fetch',
  'timeout',
  'connectTimeout',
  'listMaxAge',
  'idle',
  'maxSessions',
  'pins',
  'stderr',
  'onError',
]

/** Options of which none is missing. */
export interface Settings extends ProxyOptions {
  readonly timeout: number
  readonly connectTimeout: number
  readonly listMaxAge: number
  readonly idle: number
  readonly maxSessions: number
  readonly onError: (problem: Error) => void
}

/** Fills in what was left out. Throws `SETTING` for a number that cannot be. */
export function settingsFrom(options: ProxyOptions, isCommand: boolean): Settings {
  checkKeys('proxy', options, KEYS)
  const numbers = {
    timeout: options.timeout ?? 60_000,
    connectTimeout: options.connectTimeout ?? 10_000,
    listMaxAge: options.listMaxAge ?? 60_000,
    idle: options.idle ?? 300_000,
    maxSessions: options.maxSessions ?? (isCommand ? 32 : 1_000),
  }
  for (const [name, value] of Object.entries(numbers)) {
    if (typeof value === 'number' && value >= 1) continue
    throw new FastMCPError('SETTING', `proxy: ${name} must be a number from 1, not ${String(value)}`)
  }
  if (options.pins !== undefined && !isRecord(options.pins.hashes)) {
    throw new FastMCPError('SETTING', 'proxy: pins.hashes must hold the approved hash of each tool by its name')
  }
  return { ...options, ...numbers, onError: options.onError ?? complain }
}

function complain(problem: Error): void {
  console.error(`[fastmcp] ${problem.message}`)
}
