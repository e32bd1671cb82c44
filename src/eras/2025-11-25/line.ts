import { type Auth, principalOf } from '../../engine/auth.ts'
import type { Flow } from '../../engine/origin.ts'
import type { Received } from '../../protocol/json-rpc.ts'
import type { Line, Wire } from '../era.ts'
import type { MessageText } from '../text.ts'
import { batchProblem, serveBatch } from './batch.ts'
import { problemText } from './failures.ts'
import type { House } from './house.ts'
import { type Place, takeIn } from './intake.ts'
import type { Way } from './origin.ts'
import type { Served } from './serve.ts'
import { Session } from './session.ts'

const NO_HEADERS: Readonly<Record<string, string>> = Object.freeze({})

/**
 * A connection is one session without a header. What comes before its handshake is answered like a
 * guest's request; asking the client and telling it of changes wait until it has said who it is.
 */
export class StatefulLine implements Line, Way {
  readonly #wire: Wire
  readonly #house: House
  readonly #session: Session
  readonly #place: Place
  #open = true

  constructor(wire: Wire, house: House) {
    this.#wire = wire
    this.#house = house
    this.#session = new Session(principalOf(wire.auth))
    this.#session.onInitialized = () => this.#listen()
    this.#place = { party: this.#session, way: this, serve: house.serve }
  }

  get auth(): Auth | undefined {
    return this.#wire.auth
  }

  get flow(): Flow | undefined {
    return this.#wire.flow
  }

  get busy(): boolean {
    return this.#session.busy
  }

  receive(received: Received): void {
    if (!this.#open) return
    if (received.kind === 'batch') {
      this.#receiveBatch(received.elements)
      return
    }
    const served = takeIn(received, this.#place)
    if (served instanceof Promise) served.then((text) => this.#answer(text))
    else this.#answer(served)
  }

  close(reason: Error): void {
    this.#open = false
    this.#session.close(reason)
  }

  header(_name: string): undefined {
    return undefined
  }

  headers(): Readonly<Record<string, string>> {
    return NO_HEADERS
  }

  /** The end of the connection cancels what is in flight, so nobody needs to be told besides. */
  onGone(_listener: () => void): void {}

  send(text: string): boolean {
    if (!this.#open) return false
    try {
      this.#wire.send(text)
      return true
    } catch (thrown) {
      this.report(thrown instanceof Error ? thrown : new Error(String(thrown)), { during: 'sending' })
      return false
    }
  }

  report(problem: Error, facts: Readonly<Record<string, unknown>>): void {
    this.#house.report(problem, facts)
  }

  #answer(text: Served): void {
    if (text !== undefined) this.send(String(text))
  }

  #receiveBatch(elements: readonly unknown[]): void {
    const problem = batchProblem(elements, this.#session, this.#house.batch)
    if (problem !== undefined) {
      this.send(problemText(undefined, problem))
      return
    }
    const served = serveBatch(elements, this.#place)
    if (served instanceof Promise) served.then((texts) => this.#answerAll(texts))
    else this.#answerAll(served)
  }

  #answerAll(texts: readonly MessageText[]): void {
    if (texts.length > 0) this.send(`[${texts.join(',')}]`)
  }

  #listen(): void {
    const session = this.#session
    const { announcements } = this.#house
    if (!session.greeted || session.listening) return
    const close = (): void => announcements.leave(session)
    session.listen({ isOpen: true, way: this, send: (text) => this.send(text), close })
    announcements.join(session)
  }
}
