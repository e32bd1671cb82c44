import type { Auth } from '../../src/engine/auth.ts'
import type { Awaitable } from '../../src/engine/call.ts'
import { createStatefulEra } from '../../src/eras/2025-11-25/era.ts'
import { ERA_OPTIONS, type Era, type EraOptions, type Wire } from '../../src/eras/era.ts'
import type { Answer, EventStream, Exchange } from '../../src/eras/exchange.ts'
import {
  application,
  type Json,
  type Parts,
  receivedOf,
  type Seen,
  see,
  type TestApplication,
  TestExchange,
} from './stateless.ts'

export const CAPABILITIES = {
  logging: {},
  completions: {},
  extensions: { 'io.example/x': {} },
  tools: { listChanged: true },
  prompts: { listChanged: true },
  resources: { listChanged: true, subscribe: true },
}

/** A server of this era and what it is made of. */
export interface Served {
  readonly app: TestApplication
  readonly era: Era
}

/** The era over a small server that introduces itself. */
export function serve(parts: Parts = {}, options: Partial<EraOptions> = {}): Served {
  const app = application({ ...parts, run: { initialize: () => describe(app), ...parts.run } })
  return { app, era: createStatefulEra(app, { ...ERA_OPTIONS, ...options }, []) }
}

function describe(app: TestApplication) {
  return { serverInfo: app.identity, capabilities: CAPABILITIES, instructions: 'Ask.' }
}

/** An exchange of any verb around the one that remembers what was sent. */
export class Visit implements Exchange {
  readonly verb: string
  readonly inner: TestExchange

  constructor(verb: string, inner: TestExchange) {
    this.verb = verb
    this.inner = inner
  }

  get auth(): Auth | undefined {
    return this.inner.auth
  }

  get text(): string {
    return this.inner.text
  }

  header(name: string): string | undefined {
    return this.inner.header(name)
  }

  headers(): Readonly<Record<string, string>> {
    return this.inner.headers()
  }

  open(headers?: Readonly<Record<string, string>>): EventStream {
    return this.inner.open(headers)
  }

  onGone(listener: () => void): void {
    this.inner.onGone(listener)
  }
}

export type Headers = Record<string, string | undefined>

/** What was begun: the answer when it comes, and what the client has seen so far. */
export interface Begun {
  readonly exchange: TestExchange
  readonly answer: Awaitable<Answer>
  readonly seen: Promise<Seen & { readonly headers: Readonly<Record<string, string>> }>
}

/** A client of the era over HTTP, as well-behaved as its headers. */
export class TestClient {
  readonly era: Era
  readonly auth: Auth | undefined
  headers: Headers = { accept: 'application/json, text/event-stream' }
  #id = 0

  constructor(era: Era, auth?: Auth) {
    this.era = era
    this.auth = auth
  }

  get sessionId(): string | undefined {
    return this.headers['mcp-session-id']
  }

  begin(verb: string, message?: unknown, headers: Headers = {}): Begun {
    const sent = Object.entries({ ...this.headers, ...headers }).filter(
      (entry): entry is [string, string] => entry[1] !== undefined,
    )
    const exchange = new TestExchange(message === undefined ? '' : JSON.stringify(message), new Map(sent), this.auth)
    const received = message === undefined ? undefined : receivedOf(message)
    const answer = this.era.exchange(new Visit(verb, exchange), received)
    const seen = Promise.resolve(answer).then((known) => {
      const given = typeof known === 'symbol' ? exchange.streamHeaders : known.headers
      return { ...see(known, exchange), headers: given ?? {} }
    })
    return { exchange, answer, seen }
  }

  post(message: unknown, headers?: Headers): Begun['seen'] {
    return this.begin('POST', message, headers).seen
  }

  request(method: string, params?: Json, headers?: Headers): Begun['seen'] {
    this.#id += 1
    return this.post({ jsonrpc: '2.0', id: this.#id, method, ...(params && { params }) }, headers)
  }

  notify(method: string, params?: Json): Begun['seen'] {
    return this.post({ jsonrpc: '2.0', method, ...(params && { params }) })
  }

  /** Shakes hands and keeps the session. */
  async initialize(params: Json = {}): Promise<Json> {
    const seen = await this.post(initializing(params))
    const id = seen.headers['mcp-session-id']
    if (id !== undefined) this.headers = { ...this.headers, 'mcp-session-id': id }
    return seen.body
  }

  get(headers?: Headers): Begun {
    return this.begin('GET', undefined, { accept: 'text/event-stream', ...headers })
  }

  delete(headers?: Headers): Begun['seen'] {
    return this.begin('DELETE', undefined, headers).seen
  }
}

/** The request that begins a session. */
export function initializing(params: Json = {}, id: string | number = 'init'): Json {
  const usual = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'tester', version: '1.0.0' } }
  return { jsonrpc: '2.0', id, method: 'initialize', params: { ...usual, ...params } }
}

/** A client that has a session. */
export async function greeted(era: Era, params: Json = {}, auth?: Auth): Promise<TestClient> {
  const client = new TestClient(era, auth)
  await client.initialize(params)
  return client
}

/** The client's end of a connection. */
export class Peer implements Wire {
  readonly messages: Json[] = []
  readonly #waiting = new Map<unknown, (message: Json) => void>()

  send(text: string): void {
    if (text.includes('\n')) throw new Error('a line break in a message')
    const message: Json = JSON.parse(text)
    this.messages.push(message)
    if (message.method !== undefined) return
    this.#waiting.get(message.id)?.(message)
    this.#waiting.delete(message.id)
  }

  /** The next answer to the request with this id. Take it before the request is sent. */
  answer(id: string | number): Promise<Json> {
    return new Promise((resolve) => this.#waiting.set(id, resolve))
  }
}
