import type { Client as OfficialClient } from '@modelcontextprotocol/client'
import { assume, type Change } from './change.ts'
import { AGREE_MS, type Feed, type ListenFilter } from './listen-filter.ts'
import { within } from './within.ts'

/** What a feed of a session stands on. */
interface SessionFeedOptions {
  readonly tell: (change: Change) => void
  /** Settles once the server can tell; left out, it can. */
  readonly standing: Promise<void> | undefined
}

/** A server may say nothing of its stream until it has something to tell. */
const OPEN_MS = 1_000

/** Changes in the stateful era: lists are told of unasked, resources are subscribed to one by one. */
export class SessionFeed implements Feed {
  readonly #official: OfficialClient
  readonly #tell: (change: Change) => void
  readonly #standing: Promise<void> | undefined
  #filter: ListenFilter = {}
  #subscribed: ReadonlySet<string> = new Set()

  constructor(official: OfficialClient, { tell, standing }: SessionFeedOptions) {
    this.#official = official
    this.#tell = tell
    this.#standing = standing
  }

  async tune(filter: ListenFilter): Promise<ListenFilter> {
    const { tools, prompts, resources } = this.#official.getServerCapabilities() ?? {}
    const wanted = new Set(resources?.subscribe ? filter.resources : [])
    const before = this.#subscribed
    const fresh = [...wanted].filter((uri) => !before.has(uri))
    const stale = [...before].filter((uri) => !wanted.has(uri))
    this.#subscribed = wanted
    this.#filter = filter
    try {
      await Promise.all(fresh.map((uri) => this.#official.subscribeResource({ uri }, { timeout: AGREE_MS })))
    } catch (problem) {
      // Whoever asked for these gives up and tunes again; until then all of them count as subscribed.
      this.#subscribed = new Set([...before, ...wanted])
      throw problem
    }
    await Promise.all(stale.map((uri) => this.#official.unsubscribeResource({ uri }, { timeout: AGREE_MS })))
    if (this.#standing !== undefined) await within(this.#standing, OPEN_MS)
    return {
      ...(filter.tools && tools?.listChanged && { tools: true }),
      ...(filter.prompts && prompts?.listChanged && { prompts: true }),
      ...(filter.resourceList && resources?.listChanged && { resourceList: true }),
      ...(wanted.size > 0 && { resources: [...wanted] }),
    }
  }

  async renew(): Promise<void> {
    this.#subscribed = new Set()
    await this.tune(this.#filter)
    assume(this.#filter, this.#tell)
  }

  stop(): void {
    // The session ends with its connection, and its subscriptions with it.
  }
}
