import { ClientError } from './errors.ts'

const MOST_MS = 60_000

/** An answer that only says when to come again, as an error; undefined for any other. */
export async function refusalOf({ status, headers, body }: Response): Promise<ClientError | undefined> {
  if (status !== 429) return undefined
  await body?.cancel()
  return tooMany(headers.get('retry-after'))
}

/** The error of too many requests, by the header that says when to come again. */
export function tooMany(header: string | null): ClientError {
  const retryAfter = delayIn(header)
  const wait = retryAfter === undefined ? 'wait before the next one' : `wait ${Math.ceil(retryAfter / 1000)} s`
  const message = `The server wants fewer requests: ${wait}`
  return new ClientError('RATE_LIMITED', message, { status: 429, ...(retryAfter !== undefined && { retryAfter }) })
}

/** Milliseconds, from seconds or a date (RFC 9110, 10.2.3); a minute at most, whatever was sent. */
function delayIn(header: string | null): number | undefined {
  if (header === null) return undefined
  const ms = /^\d+$/.test(header.trim()) ? Number(header) * 1000 : Date.parse(header) - Date.now()
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(ms, 0), MOST_MS)
}
