import type { Client as OfficialClient } from '@modelcontextprotocol/client'
import type { FastMCPError } from '../protocol/errors.ts'
import { type Change, concerns } from './change.ts'
import { ClientError } from './errors.ts'
import { type Feed, type ListenFilter, overlap, union, wantsNothing } from './listen-filter.ts'
import { SessionFeed } from './session-feed.ts'
import { StreamFeed } from './stream-feed.ts'
import { toClientError } from './translate.ts'
import { unlessAborted } from './unless-aborted.ts'

/** A wish to hear of changes; it lasts until it is closed, through breaks of the connection's streams. */
export interface Subscription extends AsyncDisposable {
  /** What the server agreed to tell of what was asked. */
  readonly honored: ListenFilter
  close(): Promise<void>
}

interface Listener {
  readonly filter: ListenFilter
  readonly hear: (change: Change) => void
}

/** What listening needs of the connection. */
interface ListeningConnection {
  readonly official: OfficialClient
  readonly report: (problem: FastMCPError) => void
  /** Settles once the server can tell of changes, in the stateful era. */
  readonly standing?: Promise<void> | undefined
}

/**
 * All subscriptions of a connection. They share one feed from the server, which is asked for
 * everything that any of them wants: servers limit streams, not what is heard over one.
 */
export class Subscriptions {
  readonly #connection: ListeningConnection
  readonly #listeners = new Set<Listener>()
  #feed: Feed | undefined
  #turn: Promise<unknown> = Promise.resolve()

  constructor(connection: ListeningConnection) {
    this.#connection = connection
  }

  /** Rejects with `NOT_SUPPORTED` when the server will tell nothing of what was asked. */
  listen(filter: ListenFilter, onChange: (change: Change) => void, signal: AbortSignal): Promise<Subscription> {
    return unlessAborted(this.#enter({ filter, hear: onChange }, signal), signal)
  }

  /** The server has forgotten them: asks for everything once more. */
  renew(): void {
    const renewed = this.#turn.then(() => this.#feed?.renew())
    this.#turn = renewed.catch((problem) => this.#connection.report(toClientError(problem)))
  }

  /** Ends them all; the connection is about to close. */
  stop(): void {
    this.#listeners.clear()
    this.#feed?.stop()
  }

  async #enter(listener: Listener, signal: AbortSignal): Promise<Subscription> {
    const { filter } = listener
    if (wantsNothing(filter))
      throw new ClientError('NOT_SUPPORTED', 'There is nothing to listen to: the filter is empty')
    this.#listeners.add(listener)
    try {
      const granted = overlap(await this.#retune(), filter)
      signal.throwIfAborted()
      if (!wantsNothing(granted)) return this.#subscription(listener, granted)
      throw new ClientError(
        'NOT_SUPPORTED',
        'The server tells of none of these changes: ask it again when you need them',
      )
    } catch (problem) {
      await this.#leave(listener)
      throw problem
    }
  }

  #subscription(listener: Listener, honored: ListenFilter): Subscription {
    let closing: Promise<void> | undefined
    const close = (): Promise<void> => {
      closing ??= this.#leave(listener)
      return closing
    }
    return { honored, close, [Symbol.asyncDispose]: close }
  }

  async #leave(listener: Listener): Promise<void> {
    // A server that cannot be told any more does not matter to whoever leaves.
    if (this.#listeners.delete(listener)) await this.#retune().catch(() => undefined)
  }

  /** One at a time, each with what is wanted when its turn comes. */
  #retune(): Promise<ListenFilter> {
    const tuned = this.#turn.then(() => {
      this.#feed ??= this.#open()
      return this.#feed.tune(union([...this.#listeners].map(({ filter }) => filter)))
    })
    this.#turn = tuned.catch(() => undefined)
    return tuned
  }

  #open(): Feed {
    const { official, report, standing } = this.#connection
    const tell = (change: Change): void => this.#tell(change)
    official.setNotificationHandler('notifications/tools/list_changed', () => tell({ kind: 'tools', assumed: false }))
    official.setNotificationHandler('notifications/prompts/list_changed', () =>
      tell({ kind: 'prompts', assumed: false }),
    )
    official.setNotificationHandler('notifications/resources/list_changed', () =>
      tell({ kind: 'resourceList', assumed: false }),
    )
    official.setNotificationHandler('notifications/resources/updated', ({ params }) =>
      tell({ kind: 'resource', uri: params.uri, assumed: false }),
    )
    return official.getProtocolEra() === 'modern'
      ? new StreamFeed(official, { tell, report })
      : new SessionFeed(official, { tell, standing })
  }

  #tell(change: Change): void {
    for (const { filter, hear } of this.#listeners) {
      if (!concerns(change, filter)) continue
      try {
        hear(change)
      } catch (cause) {
        this.#connection.report(new ClientError('HANDLER_FAILED', 'A listener failed on a change', { cause }))
      }
    }
  }
}
