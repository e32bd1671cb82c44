import { McpError } from './errors.ts'

/** Bounds of a message, checked on its text before `JSON.parse` sees it. */
export interface ParseLimits {
  /** Deepest nesting of objects and arrays. */
  readonly depth: number
  /** Most commas and colons, a measure of members and elements. */
  readonly members: number
}

/** The defaults: 64 levels, 100,000 members. */
export const PARSE_LIMITS: ParseLimits = { depth: 64, members: 100_000 }

const QUOTE = 34
const COMMA = 44
const COLON = 58
const BACKSLASH = 92
const OPEN_ARRAY = 91
const CLOSE_ARRAY = 93
const OPEN_OBJECT = 123
const CLOSE_OBJECT = 125
const BYTE_ORDER_MARK = 0xfeff

/**
 * Parses the text of one message. Refuses with `PARSE_ERROR` what is no JSON, and with
 * `INVALID_REQUEST` what is deeper or larger than `limits` or names a member of the
 * envelope (`id`, `method`, `params`, or `name` inside `params`) twice: two readers of
 * such a message could understand two different things.
 */
export function parseMessage(text: string, limits: ParseLimits = PARSE_LIMITS): unknown {
  if (text.charCodeAt(0) === BYTE_ORDER_MARK)
    throw new McpError('PARSE_ERROR', 'The message starts with a byte order mark')
  inspect(text, limits)
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new McpError('PARSE_ERROR', 'The message is not valid JSON', { cause })
  }
}

/** Members that must not be named twice: of the message, and of its `params`. Each has a bit. */
const OUTER = bits(['jsonrpc', 'id', 'method', 'params', 'result', 'error'])
const INNER = bits(['_meta', 'name', 'uri', 'arguments', 'cursor', 'ref', 'argument', 'requestState', 'inputResponses'])

function bits(keys: readonly string[]): ReadonlyMap<string, number> {
  return new Map(keys.map((key, index) => [key, 1 << index]))
}

/** One pass over the text: depth, member count, duplicate keys at the two outer levels. */
function inspect(text: string, limits: ParseLimits): void {
  let depth = 0
  let members = 0
  let start = 0
  let end = 0
  let outer = 0
  let inner = 0
  let insideParams = false
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i)
    if (c === QUOTE) {
      start = i + 1
      i = endOfString(text, start)
      end = i
    } else if (c === COLON) {
      members++
      if (depth === 1) {
        const key = keyAt(text, start, end)
        outer = claim(OUTER, key, outer)
        insideParams = key === 'params'
      } else if (depth === 2 && insideParams) inner = claim(INNER, keyAt(text, start, end), inner)
    } else if (c === COMMA) members++
    else if (c === OPEN_OBJECT || c === OPEN_ARRAY) {
      if (++depth > limits.depth)
        throw new McpError('INVALID_REQUEST', `The message nests deeper than ${limits.depth} levels`)
    } else if (c === CLOSE_OBJECT || c === CLOSE_ARRAY) {
      // What follows the message is not part of it: that is for JSON.parse to refuse.
      if (--depth === 0) break
    }
  }
  if (members > limits.members) throw new McpError('INVALID_REQUEST', 'The message has too many members')
}

/** Index of the closing quote of the string whose first character is at `from`. */
function endOfString(text: string, from: number): number {
  let at = text.indexOf('"', from)
  while (at > 0 && isEscaped(text, at)) at = text.indexOf('"', at + 1)
  return at < 0 ? text.length : at
}

function isEscaped(text: string, at: number): boolean {
  let slashes = 0
  while (text.charCodeAt(at - 1 - slashes) === BACKSLASH) slashes++
  return slashes % 2 === 1
}

/** A key as a parser reads it: `"\u006dethod"` is `method` too. */
function keyAt(text: string, start: number, end: number): string {
  const raw = text.slice(start, end)
  if (!raw.includes('\\')) return raw
  try {
    return JSON.parse(`"${raw}"`) as string
  } catch {
    return raw
  }
}

function claim(keys: ReadonlyMap<string, number>, key: string, seen: number): number {
  const bit = keys.get(key) ?? 0
  if ((seen & bit) !== 0) throw new McpError('INVALID_REQUEST', `The message names "${key}" twice`)
  return seen | bit
}
