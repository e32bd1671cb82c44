import type { Application, Change } from '../../src/engine/application.ts'
import type { Auth } from '../../src/engine/auth.ts'
import type { AnyResult, Awaitable, Call } from '../../src/engine/call.ts'
import { createStatelessEra } from '../../src/eras/2026-07-28/era.ts'
import { ERA_OPTIONS, type Era, type EraOptions, type Wire } from '../../src/eras/era.ts'
import { type Answer, type EventStream, type Exchange, type Reply, STREAMED } from '../../src/eras/exchange.ts'
import type { ToolDefinition } from '../../src/protocol/definitions.ts'
import { McpError } from '../../src/protocol/errors.ts'
import { isRecord, type Received, receive } from '../../src/protocol/json-rpc.ts'

export const REVISION = '2026-07-28'
export const ALL: readonly string[] = [REVISION, '2025-11-25']

/** `_meta` of a well-behaved client. */
export const META = {
  'io.modelcontextprotocol/protocolVersion': REVISION,
  'io.modelcontextprotocol/clientInfo': { name: 'tester', version: '1.0.0' },
  'io.modelcontextprotocol/clientCapabilities': {},
}

export type Json = Record<string, unknown>
export type Run = (call: Call) => Awaitable<AnyResult>

/** A request as a well-behaved client sends it. */
export function request(method: string, params: Json = {}, id: string | number = 1): Json {
  const { _meta, ...rest } = params
  return { jsonrpc: '2.0', id, method, params: { ...rest, _meta: { ...META, ...(isRecord(_meta) ? _meta : {}) } } }
}

/** The headers that go with a message; `changed` replaces some, and takes away those that are undefined. */
export function headersOf(message: Json, changed: Record<string, string | undefined> = {}): Map<string, string> {
  const { method, params } = message as { method?: string; params?: Json }
  const name = method === 'resources/read' ? params?.uri : params?.name
  const headers: Record<string, string | undefined> = {
    accept: 'application/json, text/event-stream',
    'mcp-protocol-version': REVISION,
    'mcp-method': method,
    'mcp-name': typeof name === 'string' && method !== 'completion/complete' ? name : undefined,
    ...changed,
  }
  return new Map(Object.entries(headers).filter((entry): entry is [string, string] => entry[1] !== undefined))
}

/** One HTTP exchange in memory, which remembers what was sent. */
export class TestExchange implements Exchange, EventStream {
  readonly verb = 'POST'
  readonly auth: Auth | undefined
  readonly text: string
  readonly frames: string[] = []
  streamHeaders: Readonly<Record<string, string>> | undefined
  isClosed = false
  #isOpen = false
  #isGone = false
  readonly #headers: ReadonlyMap<string, string>
  readonly #listeners: (() => void)[] = []

  constructor(text: string, headers: ReadonlyMap<string, string>, auth?: Auth) {
    this.text = text
    this.auth = auth
    this.#headers = headers
  }

  header(name: string): string | undefined {
    return this.#headers.get(name)
  }

  headers(): Readonly<Record<string, string>> {
    return Object.fromEntries(this.#headers)
  }

  open(headers?: Readonly<Record<string, string>>): EventStream {
    if (this.#isOpen) throw new Error('opened twice')
    this.#isOpen = true
    this.streamHeaders = headers
    return this
  }

  onGone(listener: () => void): void {
    if (this.#isGone) listener()
    else this.#listeners.push(listener)
  }

  readonly isCongested: boolean = false

  drained(): undefined {
    return undefined
  }

  send(frame: string): boolean {
    if (this.isClosed || this.#isGone) return false
    this.frames.push(frame)
    return true
  }

  close(): void {
    this.isClosed = true
  }

  /** The client hangs up. */
  hangUp(): void {
    this.#isGone = true
    for (const listener of this.#listeners.splice(0)) listener()
  }

  /** The messages sent as events; one without data only names the place to come back to. */
  get messages(): Json[] {
    return this.frames
      .map(dataOf)
      .filter((data) => data !== '')
      .map((data) => JSON.parse(data))
  }
}

function dataOf(frame: string): string {
  return /^data: (.*)$/m.exec(frame)?.[1] ?? ''
}

/** What a client sees of an answer. */
export interface Seen {
  readonly status: number
  readonly body: Json
  readonly exchange: TestExchange
  readonly isStream: boolean
}

export interface Ask {
  readonly headers?: Record<string, string | undefined>
  readonly auth?: Auth
}

/** Posts a message to an era and waits for the answer. */
export async function post(era: Era, message: Json, ask: Ask = {}): Promise<Seen> {
  const { exchange, answer } = begin(era, message, ask)
  return see(await answer, exchange)
}

/** Posts a message to an era. */
export function begin(
  era: Era,
  message: Json,
  { headers, auth }: Ask = {},
): { exchange: TestExchange; answer: Awaitable<Answer> } {
  const exchange = new TestExchange(JSON.stringify(message), headersOf(message, headers), auth)
  return { exchange, answer: era.exchange(exchange, receivedOf(message)) }
}

export function receivedOf(value: unknown): Received {
  return Array.isArray(value) ? { kind: 'batch', elements: value } : receive(value)
}

/** What a client sees once an answer is complete. */
export function see(answer: Answer, exchange: TestExchange): Seen {
  if (answer === STREAMED) return { status: 200, body: exchange.messages.at(-1) ?? {}, exchange, isStream: true }
  const { status, body }: Reply = answer
  return { status, body: body === undefined ? {} : JSON.parse(body), exchange, isStream: false }
}

/** A connection in memory, which remembers what was sent. */
export class TestWire implements Wire {
  readonly messages: Json[] = []

  send(text: string): void {
    if (text.includes('\n')) throw new Error('a line break in a message')
    this.messages.push(JSON.parse(text))
  }
}

export interface TestApplication extends Application {
  /** Tells the era of a change. */
  change(change: Change): void
  readonly reports: Error[]
  readonly calls: Call[]
  readonly listeners: Set<(change: Change) => void>
}

export interface Parts {
  readonly run?: Record<string, Run>
  readonly tools?: readonly ToolDefinition[]
  readonly hidden?: readonly string[]
  readonly later?: boolean
}

const CAPABILITIES = {
  tools: { listChanged: true },
  prompts: { listChanged: true },
  resources: { listChanged: true, subscribe: true },
}

/** A small server: `run` holds what each method does, and `later` makes lookups answer by promise. */
export function application({ run = {}, tools = [], hidden = [], later = false }: Parts = {}): TestApplication {
  const listeners = new Set<(change: Change) => void>()
  const reports: Error[] = []
  const calls: Call[] = []
  const identity = { name: 'server', version: '2.0.0' }
  const known: Record<string, Run> = {
    'server/discover': () => ({ serverInfo: identity, capabilities: CAPABILITIES, instructions: 'Ask.' }),
    ...run,
  }
  return {
    identity,
    calls,
    reports,
    listeners,
    handle(call) {
      calls.push(call)
      const does = known[call.method]
      if (does === undefined) throw new McpError('METHOD_NOT_FOUND', `This server has no ${call.method}`)
      return does(call)
    },
    toolNamed(name) {
      const tool = tools.find((candidate) => candidate.name === name)
      return later ? Promise.resolve(tool) : tool
    },
    canRead: (uri) => (later ? Promise.resolve(!hidden.includes(uri)) : !hidden.includes(uri)),
    onChange(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    cacheHint: (method) => ({ ttlMs: method === 'resources/read' ? 0 : 60_000, cacheScope: 'private' }),
    report: (problem) => void reports.push(problem),
    change(change) {
      for (const listener of listeners) listener(change)
    },
  }
}

/** The era over a small server. */
export function eraOf(
  app: Application,
  listens: Partial<EraOptions['listens']> = {},
  more: Partial<EraOptions> = {},
): Era {
  return createStatelessEra(app, { ...ERA_OPTIONS, listens: { ...ERA_OPTIONS.listens, ...listens }, ...more }, ALL)
}

/** A tool result of one text. */
export function text(value: string): AnyResult {
  return { content: [{ type: 'text', text: value }] }
}

/** Something that waits until it is let go. */
export function gate(): { readonly passed: Promise<void>; open(): void } {
  let open = (): void => undefined
  const passed = new Promise<void>((resolve) => {
    open = resolve
  })
  return { passed, open: () => open() }
}
