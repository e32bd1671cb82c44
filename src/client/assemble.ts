import type { Client as OfficialClient } from '@modelcontextprotocol/client'
import { Asks } from './asks.ts'
import { Calls } from './calls.ts'
import { Client } from './client.ts'
import type { Gate } from './gate.ts'
import { Logs } from './logs.ts'
import type { ConnectOptions } from './options.ts'
import type { ProgressReports } from './progress-reports.ts'
import { Subscriptions } from './subscriptions.ts'
import type { Line } from './target.ts'
import { toClientError } from './translate.ts'
import { Waits } from './waits.ts'

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
  const report = (problem: unknown): void => options.onError?.(toClientError(problem))
  official.onerror = report
  const asks = new Asks(options, { official, name, hold: () => waits.hold(), report })
  const closed = new Promise<void>((resolve) => {
    official.onclose = resolve
  })
  const subscriptions = new Subscriptions({ official, report })
  line.onrenewed = () => {
    logs.forget()
    subscriptions.renew()
  }
  return new Client(official, {
    calls: new Calls({ official, options, logs, waits, asks, reports }),
    subscriptions,
    cached: options.cache !== false,
    strays: () => gate.strays,
    stop: (reason) => waits.stopAll(reason),
    closed,
  })
}
