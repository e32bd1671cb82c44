import type { Client as OfficialClient } from '@modelcontextprotocol/client'
import { Asks, abilitiesOf } from './asks.ts'
import { Calls } from './calls.ts'
import { Client } from './client.ts'
import { createHanding, type Handing } from './forward.ts'
import type { Gate } from './gate.ts'
import { Lane } from './lane.ts'
import { Logs } from './logs.ts'
import type { ConnectOptions } from './options.ts'
import type { ProgressReports } from './progress-reports.ts'
import { Subscriptions } from './subscriptions.ts'
import type { Line } from './target.ts'
import { toClientError } from './translate.ts'
import { TIMEOUT_MS, Waits } from './waits.ts'

/** What a client calls itself by default; a test keeps the version that of the package. */
const NAME = 'fastmcp-ts'
const VERSION = '0.1.0'

/** Who a client says it is. */
export function selfOf({ name = NAME, version = VERSION }: ConnectOptions): {
  readonly name: string
  readonly version: string
} {
  return { name, version }
}

/** What a client stands on. */
interface Ground {
  readonly line: Line
  readonly gate: Gate
  readonly reports: ProgressReports
  readonly options: ConnectOptions
  /** What the server is called in a config of several. */
  readonly name: string | undefined
}

/** Puts a client together over an official one that is not connected yet. */
export function assemble(official: OfficialClient, { line, gate, reports, options, name }: Ground): Client {
  const waits = new Waits()
  const logs = new Logs(official, options.logLevel ?? 'info')
  if (options.onLog) logs.add(options.onLog)
  let isEnding = false
  // What is cut off when the connection is closed has not gone wrong.
  const report = (problem: unknown): void => {
    if (!isEnding) options.onError?.(toClientError(problem))
  }
  official.onerror = report
  const asks = new Asks(options, { official, name, hold: () => waits.hold(), report })
  const closed = new Promise<void>((resolve) => {
    official.onclose = resolve
  })
  const subscriptions = new Subscriptions({ official, report, standing: line.standing })
  line.onrenewed = () => {
    logs.forget()
    subscriptions.renew()
  }
  const calls = new Calls({ official, options, logs, waits, asks, reports })
  // Which era the two speak is not known before they have met.
  let handing: Handing | undefined
  return new Client(official, {
    calls,
    handing: () => {
      handing ??= createHanding(official, calls, laneOf(official, { line, options, waits }))
      return handing
    },
    subscriptions,
    cached: options.cache !== false,
    strays: () => gate.strays,
    stop(reason) {
      isEnding = true
      waits.stopAll(reason)
    },
    closed,
  })
}

function laneOf(
  official: OfficialClient,
  { line, options, waits }: Pick<Ground, 'line' | 'options'> & { readonly waits: Waits },
): Lane | undefined {
  const { post } = line
  const revision = official.getNegotiatedProtocolVersion()
  if (post === undefined || revision === undefined || official.getProtocolEra() !== 'modern') return undefined
  const { timeout = TIMEOUT_MS, extensions } = options
  const capabilities = { ...abilitiesOf(options), ...(extensions && { extensions }) }
  return new Lane({ post, revision, info: selfOf(options), capabilities, waits, timeout })
}
