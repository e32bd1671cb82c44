import { randomBytes } from 'node:crypto'
import { exchange, type Received } from './http.ts'
import { TAG, thingOf } from './server.ts'

type Json = Readonly<Record<string, unknown>>

/** What all clients count together. */
export interface Tally {
  /** Answers to requests. */
  responses: number
  /** Everything else that came: notifications and questions. */
  notices: number
  /** Changes that were told of. */
  changes: number
  /** Things that one client got or could do that belong to another. */
  readonly crossings: string[]
}

/** What a client that stands for itself does. */
export interface IsolatedClient {
  readonly tag: string
  /** Opens whatever stays open. */
  open(): Promise<void>
  /** Makes one call of the kind that is due. `other` is somebody to pretend to be. */
  step(turn: number, other: IsolatedClient): Promise<void>
  close(): void
}

/** What clients of both eras have in common: a tag of their own, and a sharp eye for those of others. */
export class Watcher {
  readonly tag: string = `tag-${randomBytes(8).toString('hex')}`
  readonly port: number
  readonly tally: Tally
  /** Whether it wants no log messages. */
  isQuiet = false
  #standing: Received | undefined
  #nonces = 0

  constructor(port: number, tally: Tally) {
    this.port = port
    this.tally = tally
  }

  /** A word that nobody has said before, with the tag in it. */
  nonce(): string {
    return `${this.tag}/${++this.#nonces}`
  }

  get headers(): Readonly<Record<string, string>> {
    return { authorization: `Bearer ${this.tag}`, 'x-tag': this.tag }
  }

  /** Sends a message; gives the answer, or undefined where there was none. Every word of it is looked at. */
  async send(
    message: Json,
    headers: Readonly<Record<string, string>>,
    onQuestion: (question: Json) => void = () => undefined,
  ): Promise<{ readonly status: number; readonly answer: Json | undefined; readonly headers: Received['headers'] }> {
    let answer: Json | undefined
    const onMessage = (text: string): void => {
      const said = this.read(text)
      if (said.method === undefined) answer = said
      else if (said.id !== undefined) onQuestion(said)
    }
    const received = await exchange({ port: this.port, headers: { ...this.headers, ...headers }, message, onMessage })
    await received.over
    if (answer !== undefined && answer.id !== message.id && received.status < 400)
      this.cross('an answer to another id', answer)
    return { status: received.status, answer, headers: received.headers }
  }

  /** Opens a stream that stays, on which it hears of changes. */
  async stand(headers: Readonly<Record<string, string>>, message?: Json): Promise<void> {
    let begin: () => void = () => undefined
    const begun = new Promise<void>((resolve) => {
      begin = resolve
    })
    const onMessage = (text: string): void => {
      const { method, params } = this.read(text)
      if (method === 'notifications/resources/updated') {
        this.tally.changes++
        if ((params as Json).uri !== thingOf(this.tag)) this.cross('a change of what it did not subscribe to', params)
      }
      begin()
    }
    const all = { ...this.headers, ...headers }
    this.#standing = await exchange({
      port: this.port,
      headers: all,
      onMessage,
      standing: true,
      ...(message && { message }),
    })
    if (message !== undefined) await begun
  }

  leave(): void {
    this.#standing?.leave()
  }

  /** Looks at a message. */
  read(text: string): Json {
    const foreign = text.match(TAG)?.find((tag) => tag !== this.tag)
    if (foreign !== undefined) this.cross('the tag of another', text)
    const message = JSON.parse(text) as Json // whatever the server sends is an object
    if (this.isQuiet && message.method === 'notifications/message') this.cross('what only others want to hear', text)
    if (message.method === undefined) this.tally.responses++
    else this.tally.notices++
    return message
  }

  /** Compares what a tool said with what it should have. */
  expect(answer: Json | undefined, wanted: Json): void {
    const { structuredContent } = (answer?.result ?? {}) as Json
    const said = structuredContent as Json | undefined
    for (const [key, value] of Object.entries(wanted)) {
      if (said?.[key] !== value) this.cross(`not the ${key} that it is to get`, answer)
    }
  }

  cross(what: string, where: unknown): void {
    if (this.tally.crossings.length < 20)
      this.tally.crossings.push(`${this.tag} got ${what}: ${JSON.stringify(where)?.slice(0, 300)}`)
  }
}
