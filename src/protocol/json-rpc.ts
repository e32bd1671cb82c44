/** A request id: a string or an integer, never null (2026-07-28 basic/index, Requests). */
export type RequestId = string | number

/** Parameters of a message. Their members are attacker-controlled until checked. */
export type Params = Readonly<Record<string, unknown>>

/** A message that expects an answer. */
export interface RpcRequest {
  readonly jsonrpc: '2.0'
  readonly id: RequestId
  readonly method: string
  readonly params?: Params
}

/** A message that expects none. */
export interface RpcNotification {
  readonly jsonrpc: '2.0'
  readonly method: string
  readonly params?: Params
}

/** The good answer to a request. */
export interface RpcResult {
  readonly jsonrpc: '2.0'
  readonly id: RequestId
  readonly result: Readonly<Record<string, unknown>>
}

/** The error part of a bad answer. */
export interface RpcErrorBody {
  readonly code: number
  readonly message: string
  readonly data?: unknown
}

/** The bad answer to a request; without an id where the request's could not be read. */
export interface RpcFailure {
  readonly jsonrpc: '2.0'
  readonly id?: RequestId
  readonly error: RpcErrorBody
}

/** An answer, good or bad. */
export type RpcResponse = RpcResult | RpcFailure

/** Anything that travels. */
export type RpcMessage = RpcRequest | RpcNotification | RpcResponse

/** A received message with its kind told, so that a `switch` narrows it. */
export type Received =
  | { readonly kind: 'request'; readonly message: RpcRequest }
  | { readonly kind: 'notification'; readonly message: RpcNotification }
  | { readonly kind: 'response'; readonly message: RpcResponse }
  | { readonly kind: 'batch'; readonly elements: readonly unknown[] }
  | { readonly kind: 'invalid'; readonly reason: string; readonly id?: RequestId }

const MAX_ID_CHARACTERS = 256

/**
 * Tells what a parsed JSON value is as a JSON-RPC 2.0 message. Strict: a wrong
 * `jsonrpc`, a null, fractional or overlong id, a method beside a result or error,
 * and members that differ from the known ones only in case are `invalid`, with the
 * reason in words.
 */
export function receive(value: unknown): Received {
  if (!isRecord(value)) return invalid('the message must be a JSON object')
  if (value.jsonrpc !== '2.0') return invalid('"jsonrpc" must be "2.0"', value)
  const stray = strayMember(value)
  if (stray !== undefined) return invalid(`"${stray}" is not a member of a JSON-RPC message`, value)
  if (value.method === undefined) return response(value)
  if (typeof value.method !== 'string') return invalid('"method" must be a string', value)
  if (value.params !== undefined && !isRecord(value.params)) return invalid('"params" must be an object', value)
  // Whoever else reads it could take it for an answer.
  if (value.result !== undefined || value.error !== undefined)
    return invalid('a message with "method" has no "result" or "error"', value)
  if (!('id' in value)) return { kind: 'notification', message: value as unknown as RpcNotification }
  if (!isRequestId(value.id)) return invalid('"id" must be a string of at most 256 characters or a safe integer')
  return { kind: 'request', message: value as unknown as RpcRequest }
}

/** Whether a value may be a request id. */
export function isRequestId(value: unknown): value is RequestId {
  if (typeof value === 'string') return value.length <= MAX_ID_CHARACTERS
  return typeof value === 'number' && Number.isSafeInteger(value)
}

/** Whether a value is a JSON object (not null, not an array). */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function response(value: Record<string, unknown>): Received {
  const good = isRecord(value.result)
  const bad = isRecord(value.error) && Number.isInteger(value.error.code) && typeof value.error.message === 'string'
  if (good === bad) return invalid('a message needs "method", or exactly one of "result" and "error"', value)
  if (!isRequestId(value.id) && !(bad && value.id === undefined)) return invalid('a response needs a valid "id"')
  return { kind: 'response', message: value as unknown as RpcResponse }
}

function invalid(reason: string, value?: Record<string, unknown>): Received {
  return value && isRequestId(value.id) ? { kind: 'invalid', reason, id: value.id } : { kind: 'invalid', reason }
}

const MEMBERS: ReadonlySet<string> = new Set(['jsonrpc', 'id', 'method', 'params', 'result', 'error'])

function strayMember(value: Record<string, unknown>): string | undefined {
  for (const key in value) {
    if (MEMBERS.has(key)) continue
    if (MEMBERS.has(key.normalize('NFKC').toLowerCase())) return key.slice(0, 20)
  }
  return undefined
}
