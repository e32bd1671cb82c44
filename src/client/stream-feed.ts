import type { McpSubscription, Client as OfficialClient, SubscriptionFilter } from '@modelcontextprotocol/client'
import type { FastMCPError } from '../protocol/errors.ts'
import { backoff, pause } from './backoff.ts'
import { assume, type Change } from './change.ts'
import { ClientError, ServerError } from './errors.ts'
import { AGREE_MS, type Feed, type ListenFilter } from './listen-filter.ts'
import { toClientError } from './translate.ts'

/** A stream that lived this long broke by accident, and not because the server will not have it. */
const STEADY_MS = 30_000

interface Hearing {
  readonly tell: (change: Change) => void
  readonly report: (problem: FastMCPError) => void
}

/** Changes in the stateless era: one stream, opened again whenever it breaks. */
export class StreamFeed implements Feed {
  readonly #official: OfficialClient
  readonly #hearing: Hearing
  readonly #stopped = new AbortController()
  #filter: ListenFilter = {}
  #stream: McpSubscription | undefined
  #attempt = 0

  constructor(official: OfficialClient, hearing: Hearing) {
    this.#official = official
    this.#hearing = hearing
  }

  /** The new stream stands before the old one ends, so that nothing is missed in between. */
  async tune(filter: ListenFilter): Promise<ListenFilter> {
    const wanted = wireFilter(filter)
    // Nobody gains by a new stream for what the one that stands, or is being opened again, is for.
    if (this.#stream && JSON.stringify(wanted) === JSON.stringify(wireFilter(this.#filter))) {
      return ownFilter(this.#stream.honoredFilter)
    }
    const next = Object.keys(wanted).length === 0 ? undefined : await this.#listen(wanted)
    const before = this.#stream
    this.#filter = filter
    this.#stream = next
    await before?.close()
    if (next) void this.#watch(next)
    return next ? ownFilter(next.honoredFilter) : {}
  }

  /** There is no session that could be renewed. */
  async renew(): Promise<void> {}

  stop(): void {
    this.#stopped.abort()
  }

  #listen(filter: SubscriptionFilter): Promise<McpSubscription> {
    return this.#official.listen(filter, { timeout: AGREE_MS, signal: this.#stopped.signal })
  }

  /** Resolves when the stream is no longer the one that counts. */
  async #watch(stream: McpSubscription): Promise<void> {
    const from = performance.now()
    const why = await stream.closed
    if (performance.now() - from > STEADY_MS) this.#attempt = 0
    if (why === 'local' || !this.#counts(stream)) return
    const next = await this.#again(stream)
    if (next === undefined) return
    this.#stream = next
    void this.#watch(next)
    assume(this.#filter, this.#hearing.tell)
  }

  /** Opens the stream once more; undefined when there is no point in it any more. */
  async #again(lost: McpSubscription): Promise<McpSubscription | undefined> {
    const { signal } = this.#stopped
    while (await pause(backoff(this.#attempt++), signal)) {
      if (!this.#counts(lost) || this.#official.transport === undefined) return undefined
      try {
        const next = await this.#listen(wireFilter(this.#filter))
        if (this.#counts(lost)) return next
        await next.close()
        return undefined
      } catch (thrown) {
        const problem = toClientError(thrown)
        if (!isFinal(problem)) continue
        if (!signal.aborted) this.#hearing.report(problem)
        return undefined
      }
    }
    return undefined
  }

  #counts(stream: McpSubscription): boolean {
    return this.#stream === stream && !this.#stopped.signal.aborted
  }
}

/** No later attempt will fare better. */
function isFinal(problem: FastMCPError): boolean {
  if (problem instanceof ClientError) return problem.code === 'UNAUTHORIZED'
  return problem instanceof ServerError && problem.code === 'METHOD_NOT_FOUND'
}

function wireFilter({ tools, prompts, resourceList, resources = [] }: ListenFilter): SubscriptionFilter {
  return {
    ...(tools && { toolsListChanged: true }),
    ...(prompts && { promptsListChanged: true }),
    ...(resourceList && { resourcesListChanged: true }),
    ...(resources.length > 0 && { resourceSubscriptions: [...resources] }),
  }
}

function ownFilter(honored: SubscriptionFilter): ListenFilter {
  return {
    ...(honored.toolsListChanged && { tools: true }),
    ...(honored.promptsListChanged && { prompts: true }),
    ...(honored.resourcesListChanged && { resourceList: true }),
    ...(honored.resourceSubscriptions && { resources: honored.resourceSubscriptions }),
  }
}
