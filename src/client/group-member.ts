import type { FastMCPError } from '../protocol/errors.ts'
import { backoff } from './backoff.ts'
import type { Client } from './client.ts'
import { ClientError } from './errors.ts'
import { toClientError } from './translate.ts'

/** How a server of a group is. */
export interface ServerHealth {
  /** `idle` has not been needed yet, `failed` could not be reached when it last was. */
  readonly status: 'idle' | 'connecting' | 'ready' | 'failed'
  /** Which way of speaking MCP it is spoken to in; undefined unless `ready`. */
  readonly era?: Client['era']
  /** Why it failed. */
  readonly error?: FastMCPError
}

/** How a member gets at its server, and who hears when it cannot. */
interface MemberWays {
  readonly connect: (signal: AbortSignal) => Promise<Client>
  readonly report: (problem: FastMCPError) => void
}

type State =
  | { readonly status: 'idle' }
  | { readonly status: 'connecting'; readonly client: Promise<Client> }
  | { readonly status: 'ready'; readonly client: Client }
  | { readonly status: 'failed'; readonly error: FastMCPError; readonly until: number }

/** One server of a group. Connects when it is first needed, and again after it was lost. */
export class Member {
  readonly name: string
  readonly #ways: MemberWays
  readonly #closed = new AbortController()
  #state: State = { status: 'idle' }
  #failures = 0

  constructor(name: string, ways: MemberWays) {
    this.name = name
    this.#ways = ways
  }

  get health(): ServerHealth {
    const { status } = this.#state
    if (this.#state.status === 'ready') return { status, era: this.#state.client.era }
    return this.#state.status === 'failed' ? { status, error: this.#state.error } : { status }
  }

  /** Ends when the group is closed. */
  get signal(): AbortSignal {
    return this.#closed.signal
  }

  /** The client, connected now if it is not yet. */
  async client(): Promise<Client> {
    if (this.#closed.signal.aborted) throw new ClientError('CONNECTION_CLOSED', 'The group is closed: connect again')
    const state = this.#state
    return state.status === 'ready' || state.status === 'connecting' ? state.client : this.#connect()
  }

  /** As `client`, for whoever can do without: a server that just failed is not waited for once more. */
  async clientIfLikely(): Promise<Client> {
    const state = this.#state
    if (state.status === 'failed' && performance.now() < state.until) throw state.error
    return this.client()
  }

  /** Tells of something that went wrong although the server is connected. */
  complain(problem: unknown): void {
    this.#ways.report(toClientError(problem))
  }

  /** As `health`, but the server has to prove it if it is connected. */
  async checkedHealth(timeout: number): Promise<ServerHealth> {
    if (this.#state.status !== 'ready') return this.health
    try {
      await this.#state.client.ping({ timeout })
      return this.health
    } catch (problem) {
      return { status: 'failed', error: toClientError(problem) }
    }
  }

  async close(): Promise<void> {
    this.#closed.abort(new ClientError('CONNECTION_CLOSED', 'The group was closed'))
    const state = this.#state
    if (state.status === 'ready') await state.client.close()
    // One that is still on its way closes what it has opened by the signal.
    if (state.status === 'connecting') await state.client.then((client) => client.close()).catch(() => undefined)
  }

  #connect(): Promise<Client> {
    const client = this.#ways.connect(this.#closed.signal).then(
      (connected) => this.#arrived(connected),
      (problem) => {
        throw this.#failed(toClientError(problem))
      },
    )
    this.#state = { status: 'connecting', client }
    return client
  }

  #arrived(client: Client): Client {
    this.#failures = 0
    this.#state = { status: 'ready', client }
    void client.closed.then(() => {
      const isMine = this.#state.status === 'ready' && this.#state.client === client
      if (isMine && !this.#closed.signal.aborted)
        this.#failed(new ClientError('CONNECTION_CLOSED', 'The connection was lost'))
    })
    return client
  }

  #failed(error: FastMCPError): FastMCPError {
    this.#state = { status: 'failed', error, until: performance.now() + backoff(this.#failures++) }
    if (!this.#closed.signal.aborted) this.#ways.report(error)
    return error
  }
}
