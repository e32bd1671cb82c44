/**
 * Headers that no argument sets: they say who is calling, where to, and how the message is framed, or change what an
 * operation is. `Accept` and `Content-Type` come from the document (OpenAPI 3.1, 4.8.12.2).
 */
const RESERVED: ReadonlySet<string> = new Set([
  'accept',
  'accept-charset',
  'accept-encoding',
  'authorization',
  'connection',
  'content-encoding',
  'content-length',
  'content-type',
  'cookie',
  'cookie2',
  'date',
  'expect',
  'forwarded',
  'host',
  'http2-settings',
  'keep-alive',
  'last-event-id',
  'max-forwards',
  'origin',
  'set-cookie',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'via',
  'www-authenticate',
  'x-http-method',
  'x-http-method-override',
  'x-method-override',
  'x-original-url',
  'x-real-ip',
  'x-rewrite-url',
])

const RESERVED_BEGINNINGS = ['proxy-', 'sec-', 'mcp-', 'x-forwarded-', 'access-control-']

/** Whether a header is none that a value from outside may set: neither an argument nor a header of a caller. */
export function isReservedHeader(name: string): boolean {
  const lower = name.toLowerCase()
  return RESERVED.has(lower) || RESERVED_BEGINNINGS.some((beginning) => lower.startsWith(beginning))
}

/** Whether a text can be the name of a header or a cookie (RFC 9110, 5.6.2). */
export function isToken(name: string): boolean {
  return /^[A-Za-z0-9!#$%&'*+\-.^_`|~]+$/.test(name)
}
