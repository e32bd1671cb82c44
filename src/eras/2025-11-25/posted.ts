import type { Auth } from '../../engine/auth.ts'
import type { Flow } from '../../engine/origin.ts'
import { McpError } from '../../protocol/errors.ts'
import type { RequestId } from '../../protocol/json-rpc.ts'
import type { Acceptance } from '../accept.ts'
import { type Answer, type Exchange, STREAMED } from '../exchange.ts'
import { Outlet, replyWith } from '../outlet.ts'
import type { MessageText } from '../text.ts'
import type { Sender } from './asks.ts'
import type { EventStore } from './events.ts'
import { problemText } from './failures.ts'
import type { Way } from './origin.ts'
import type { Session } from './session.ts'
import type { SessionStream } from './stream.ts'

type Headers = Readonly<Record<string, string>>

/** What an answer says besides its message. */
interface Head {
  readonly status?: number
  readonly headers: Headers
}

/** Tells operators what went wrong. */
export type Report = (problem: Error, facts: Readonly<Record<string, unknown>>) => void

/** What a POST needs to know of its server. */
export interface PostGround {
  readonly events: EventStore
  readonly report: Report
}

const TOO_LARGE = new McpError('INTERNAL_ERROR', 'The answer is larger than what is kept for a client that is away')

/**
 * The way back of one POST: a JSON answer, or an event stream from the first message that goes ahead of it. In a
 * session that stream outlives its connection.
 */
export class PostedWay implements Way {
  readonly #exchange: Exchange
  readonly #acceptance: Acceptance
  readonly #ground: PostGround
  /** Whose request it is, once that is known. */
  session: Session | undefined
  #outlet: Outlet | undefined
  #stream: SessionStream | undefined

  constructor(exchange: Exchange, acceptance: Acceptance, ground: PostGround) {
    this.#exchange = exchange
    this.#acceptance = acceptance
    this.#ground = ground
  }

  get auth(): Auth | undefined {
    return this.#exchange.auth
  }

  get flow(): Flow | undefined {
    return this.#stream ?? this.#outlet?.flow
  }

  header(name: string): string | undefined {
    return this.#exchange.header(name)
  }

  headers(): Readonly<Record<string, string>> {
    return this.#exchange.headers()
  }

  /** A client that knows where to come back to can be reached again. */
  onGone(listener: () => void): void {
    this.#exchange.onGone(() => {
      if (!this.#stream?.isResumable) listener()
    })
  }

  report(problem: Error, facts: Readonly<Record<string, unknown>>): void {
    this.#ground.report(problem, facts)
  }

  /** A client that takes JSON only misses what goes ahead of its answer. */
  send(text: string): boolean {
    return this.#acceptance.stream && this.#open().send(text)
  }

  closeStream(): boolean {
    if (!this.#acceptance.stream || !this.session?.revision.priming) return false
    this.#stream ??= this.#begin(this.session)
    this.#stream.release()
    return this.#stream.isResumable
  }

  /** Gives the answer to the request of this id. Of `head` nothing counts once something was sent ahead of it, and on a stream only the headers. */
  finish(text: MessageText, id?: RequestId, head?: Head): Answer {
    const isStream = this.#stream !== undefined || this.#outlet !== undefined || !this.#acceptance.json
    if (!isStream) return head === undefined ? replyWith(200, text) : { ...replyWith(200, text), ...head }
    const isTaken = this.#open(head?.headers).send(String(text))
    // A client that is away and may come back would wait for ever.
    if (!isTaken && this.#stream !== undefined && id !== undefined) this.#stream.send(problemText(id, TOO_LARGE))
    return this.end()
  }

  /** Gives the answers of a batch: as one array, or one by one on a stream, which every client can read. Notifications have none. */
  finishAll(texts: readonly MessageText[]): Answer {
    if (this.flow === undefined) return texts.length === 0 ? { status: 202 } : this.finish(`[${texts.join(',')}]`)
    for (const text of texts) this.#open().send(String(text))
    return this.end()
  }

  /** Ends without a further answer; for what was cancelled, an event stream without one is the only legal form. */
  end(): Answer {
    if (this.#stream === undefined) return (this.#outlet ?? new Outlet(this.#exchange)).end()
    this.#stream.end()
    return STREAMED
  }

  #open(headers?: Headers): Sender {
    if (this.session?.revision.resumable) {
      this.#stream ??= this.#begin(this.session)
      return this.#stream
    }
    this.#outlet ??= new Outlet(this.#exchange, headers)
    return this.#outlet
  }

  #begin(session: Session): SessionStream {
    const { events } = this.#ground
    const stream = session.streamsIn(events).open()
    const connection = this.#exchange.open()
    stream.connect(connection)
    if (session.revision.priming) stream.prime(events.limits.retryMs)
    this.#exchange.onGone(() => stream.disconnect(connection))
    return stream
  }
}
