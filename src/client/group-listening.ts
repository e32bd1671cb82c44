import type { FastMCPError } from '../protocol/errors.ts'
import { backoff, pause } from './backoff.ts'
import { assume, type Change } from './change.ts'
import { ClientError } from './errors.ts'
import type { Member } from './group-member.ts'
import type { ListenFilter } from './listen-filter.ts'
import type { Subscription } from './subscriptions.ts'
import { toClientError } from './translate.ts'

/** A change on one server of a group. */
export type GroupChange = Change & { readonly server: string }

/** A wish to hear of changes on several servers. */
export interface GroupSubscription extends AsyncDisposable {
  /** What each server agreed to tell, by its name; a server that does not answer is not in it yet. */
  readonly honored: Readonly<Record<string, ListenFilter>>
  close(): Promise<void>
}

/** Listens to one member, through the loss of its connection. */
export class MemberListening {
  readonly #member: Member
  readonly #filter: ListenFilter
  readonly #hear: (change: GroupChange) => void
  readonly #stopped = new AbortController()
  #subscription: Subscription | undefined

  constructor(member: Member, filter: ListenFilter, hear: (change: GroupChange) => void) {
    this.#member = member
    this.#filter = filter
    this.#hear = hear
    member.signal.addEventListener('abort', this.#stop, { once: true })
  }

  get server(): string {
    return this.#member.name
  }

  get honored(): ListenFilter | undefined {
    return this.#subscription?.honored
  }

  /** Resolves after the first attempt, with what was wrong if it failed. */
  async begin(): Promise<FastMCPError | undefined> {
    try {
      await this.#listen()
      return undefined
    } catch (thrown) {
      const problem = toClientError(thrown)
      if (!isFinal(problem)) void this.#again()
      return problem
    }
  }

  async close(): Promise<void> {
    this.#stop()
    await this.#subscription?.close()
  }

  async #listen(): Promise<void> {
    const client = await this.#member.client()
    const server = this.#member.name
    this.#subscription = await client.listen(this.#filter, (change) => this.#hear({ ...change, server }))
    void client.closed.then(() => this.#again())
  }

  /** Until it succeeds, cannot succeed, or is not wanted any more. */
  async #again(): Promise<void> {
    for (let attempt = 0; await pause(backoff(attempt), this.#stopped.signal); attempt++) {
      try {
        await this.#listen()
        if (this.#stopped.signal.aborted) await this.#subscription?.close()
        else assume(this.#filter, (change) => this.#hear({ ...change, server: this.#member.name }))
        return
      } catch (problem) {
        if (isFinal(toClientError(problem))) return
      }
    }
  }

  readonly #stop = (): void => {
    this.#stopped.abort()
    this.#member.signal.removeEventListener('abort', this.#stop)
  }
}

function isFinal(problem: FastMCPError): boolean {
  return problem instanceof ClientError && problem.code === 'NOT_SUPPORTED'
}
