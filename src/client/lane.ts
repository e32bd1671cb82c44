import {
  CLIENT_CAPABILITIES_META_KEY,
  CLIENT_INFO_META_KEY,
  LOG_LEVEL_META_KEY,
  PROTOCOL_VERSION_META_KEY,
} from '@modelcontextprotocol/client'
import { isRecord, type Params } from '../protocol/json-rpc.ts'
import { LOG_LEVELS } from '../protocol/methods.ts'
import { ClientError, ServerError } from './errors.ts'
import { eventsIn } from './event-stream.ts'
import type { ForwardOptions, Members } from './forward.ts'
import { tooMany } from './http-refusal.ts'
import { headerValue } from './name-header.ts'
import type { LogEntry } from './options.ts'
import type { Answer, Post } from './post.ts'
import { toClientError } from './translate.ts'
import { MOST_MS, type Wait, type Waits } from './waits.ts'

/** What a lane needs. */
export interface LaneParts {
  readonly post: Post
  readonly revision: string
  readonly info: { readonly name: string; readonly version: string }
  readonly capabilities: object
  readonly waits: Waits
  readonly timeout: number
}

/**
 * Makes requests of the stateless era over HTTP, of which each stands alone: one POST whose answer is all that there is to
 * know. It hands on what it gets as it is, and what comes ahead of an answer belongs to that request and no other.
 */
export class Lane {
  readonly #parts: LaneParts
  readonly #envelope: Params
  #count = 0

  constructor(parts: LaneParts) {
    this.#parts = parts
    this.#envelope = {
      [PROTOCOL_VERSION_META_KEY]: parts.revision,
      [CLIENT_INFO_META_KEY]: parts.info,
      [CLIENT_CAPABILITIES_META_KEY]: parts.capabilities,
    }
  }

  async send(method: string, params: Params, options: ForwardOptions): Promise<Members> {
    const { waits, timeout: usual } = this.#parts
    const { timeout = usual, signal } = options
    const wait = waits.begin({ timeout, most: Math.max(timeout, MOST_MS), signal })
    try {
      return await this.#exchange({ method, params, options, wait })
    } catch (problem) {
      if (signal?.aborted) throw signal.reason
      throw toClientError(wait.signal.aborted ? wait.signal.reason : problem)
    } finally {
      waits.end(wait)
    }
  }

  async #exchange({ method, params, options, wait }: Sent): Promise<Members> {
    const id = ++this.#count
    const body = JSON.stringify({ jsonrpc: '2.0', id, method, params: this.#enveloped(params, options, id) })
    const named = params.name ?? params.uri
    const answer = await this.#parts.post(
      body,
      {
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        'mcp-protocol-version': this.#parts.revision,
        'mcp-method': method,
        ...(typeof named === 'string' && { 'mcp-name': headerValue(named) }),
        ...options.headers,
      },
      wait.signal,
    )
    const type = answer.header('content-type') ?? ''
    if (isGood(answer) && type.startsWith('text/event-stream')) return this.#follow(answer, id, { options, wait })
    if (isGood(answer) && type.startsWith('application/json')) return answerIn(parse(await answer.text()), id)
    throw await problemOf(answer)
  }

  #enveloped(params: Params, { meta, logLevel, onProgress }: ForwardOptions, id: number): Params {
    const _meta = {
      ...meta,
      ...this.#envelope,
      ...(logLevel !== undefined && { [LOG_LEVEL_META_KEY]: logLevel }),
      ...(onProgress !== undefined && { progressToken: id }),
    }
    return { ...params, _meta }
  }

  /** What comes ahead of the answer is told on the way. */
  async #follow(answer: Answer, id: number, { options, wait }: Pick<Sent, 'options' | 'wait'>): Promise<Members> {
    const body = await answer.events()
    for await (const text of body === null ? [] : eventsIn(body)) {
      const message = parse(text)
      if (!isRecord(message)) continue
      if (typeof message.method !== 'string') return answerIn(message, id)
      const told = isRecord(message.params) ? message.params : {}
      if (message.method === 'notifications/progress') this.#tellProgress(told, id, { options, wait })
      else if (message.method === 'notifications/message') tellLog(told, options)
      else if (message.id === undefined) options.onNotification?.(message.method, told)
    }
    throw new ClientError('CONNECTION_CLOSED', 'The server broke off before it had answered')
  }

  #tellProgress(told: Params, id: number, { options, wait }: Pick<Sent, 'options' | 'wait'>): void {
    const { progressToken, progress, total, message } = told
    if (progressToken !== id || typeof progress !== 'number') return
    this.#parts.waits.heard(wait)
    options.onProgress?.({
      progress,
      ...(typeof total === 'number' && { total }),
      ...(typeof message === 'string' && { message }),
    })
  }
}

interface Sent {
  readonly method: string
  readonly params: Params
  readonly options: ForwardOptions
  readonly wait: Wait
}

function tellLog({ level, logger, data }: Params, { onLog }: ForwardOptions): void {
  const known = LOG_LEVELS.find((each) => each === level)
  if (known === undefined || onLog === undefined) return
  const entry: LogEntry = { level: known, data, ...(typeof logger === 'string' && { logger }) }
  onLog(entry)
}

function isGood({ status }: Answer): boolean {
  return status >= 200 && status < 300
}

async function problemOf(answer: Answer): Promise<Error> {
  const { status } = answer
  if (status === 429) {
    await answer.cancel()
    return tooMany(answer.header('retry-after'))
  }
  const isJson = answer.header('content-type')?.startsWith('application/json') === true
  const message = isJson ? parse(await answer.text()) : await answer.cancel()
  if (isRecord(message) && isRecord(message.error)) return errorIn(message.error)
  if (status === 401 || status === 403) {
    return new ClientError('UNAUTHORIZED', 'The server wants to know who is calling, by other credentials', { status })
  }
  if (isGood(answer)) return new ClientError('INVALID_ANSWER', 'The server answered with what is no MCP message')
  return new ClientError('HTTP_ERROR', `The server answered ${status}: check the address`, { status })
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new ClientError('INVALID_ANSWER', 'The server sent what is no MCP message', { cause })
  }
}

function answerIn(message: unknown, id: number): Members {
  if (!isRecord(message) || message.jsonrpc !== '2.0') {
    throw new ClientError('INVALID_ANSWER', 'The server sent what is no MCP message')
  }
  if (isRecord(message.error)) throw errorIn(message.error)
  const { result } = message
  if (message.id !== id || !isRecord(result)) {
    throw new ClientError('INVALID_ANSWER', 'The server sent what is no answer to the request')
  }
  const { resultType, ...members } = result
  if (resultType === 'complete') return members
  if (resultType === 'input_required') return result
  throw new ClientError('INVALID_ANSWER', 'The server sent a result of no known type')
}

function errorIn({ code, message, data }: Readonly<Record<string, unknown>>): ServerError {
  return new ServerError(typeof code === 'number' ? code : -32_603, String(message ?? ''), { data })
}
