import { LOG_LEVEL_META_KEY, type Client as OfficialClient } from '@modelcontextprotocol/client'
import type { LogLevel } from '../protocol/methods.ts'
import type { LogEntry } from './options.ts'

type Listener = (entry: LogEntry) => void

/** Hands log messages to whoever listens, and asks the server for them in the way of its era. */
export class Logs {
  readonly #official: OfficialClient
  readonly #level: LogLevel
  readonly #listeners = new Set<Listener>()
  #asked: Promise<unknown> | undefined

  constructor(official: OfficialClient, level: LogLevel) {
    this.#official = official
    this.#level = level
    official.setNotificationHandler('notifications/message', ({ params }) => {
      const { level, data, logger } = params
      const entry: LogEntry = logger === undefined ? { level, data } : { level, data, logger }
      for (const listener of this.#listeners) listener(entry)
    })
  }

  /** Adds a listener until the returned function is called. */
  add(listener: Listener): () => void {
    const own: Listener = (entry) => listener(entry)
    this.#listeners.add(own)
    return () => this.#listeners.delete(own)
  }

  /** The server has forgotten the wish: it is to be told again. */
  forget(): void {
    this.#asked = undefined
  }

  /** What each request says in `_meta` where the wish for logs belongs to the request. */
  get meta(): Readonly<Record<string, unknown>> | undefined {
    if (this.#listeners.size === 0 || this.#official.getProtocolEra() !== 'modern') return undefined
    return { [LOG_LEVEL_META_KEY]: this.#level }
  }

  /** Where the wish belongs to the connection: says it once, before the first request that wants logs. */
  async ready(): Promise<void> {
    if (this.#listeners.size === 0 || this.#official.getProtocolEra() === 'modern') return
    if (this.#official.getServerCapabilities()?.logging === undefined) return
    // A server may refuse the level and still serve calls: logs are an extra.
    this.#asked ??= this.#official.setLoggingLevel(this.#level).catch(() => undefined)
    await this.#asked
  }
}
