import type { Case } from './cases.ts'

/** Who asks: the stateless era, or the stateful one without and with a session. */
export type Leg = 'stateless' | 'guest' | 'session'

type Json = Readonly<Record<string, unknown>>

/** What differences depend on in what was sent. */
export interface Asked {
  readonly leg: Leg
  readonly accept: string | undefined
  /** The header that names a revision. */
  readonly version: string | undefined
  /** The header that repeats an argument. */
  readonly param: string | undefined
  readonly isBatch: boolean
  /** Empty where what was sent is no object. */
  readonly message: Json
  readonly method: unknown
  readonly params: Json
  /** Whether `_meta` names a revision. */
  readonly isStateless: boolean
  readonly hasCapabilities: boolean
  /** Whether `_meta` is no object, or has a progress token that is none. */
  readonly hasOddMeta: boolean
}

/** Reads a case. */
export function askedOf(leg: Leg, { headers, body }: Case): Asked {
  const parsed = parse(body)
  const message = jsonOf(parsed)
  const params = jsonOf(message.params)
  const meta = jsonOf(params._meta)
  return {
    leg,
    accept: headers.accept,
    version: headers['mcp-protocol-version'],
    param: headers['mcp-param-region'],
    isBatch: Array.isArray(parsed),
    message,
    method: message.method,
    params,
    isStateless: Object.hasOwn(meta, 'io.modelcontextprotocol/protocolVersion'),
    hasCapabilities: Object.hasOwn(meta, 'io.modelcontextprotocol/clientCapabilities'),
    hasOddMeta: Object.hasOwn(params, '_meta') && isOdd(params._meta),
  }
}

function isOdd(meta: unknown): boolean {
  if (typeof meta !== 'object' || meta === null || Array.isArray(meta)) return true
  const { progressToken: token } = meta as Json // any object has members
  return token !== undefined && typeof token !== 'string' && !Number.isInteger(token)
}

function jsonOf(value: unknown): Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {}
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
