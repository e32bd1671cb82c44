import type { Reply } from '../../eras/exchange.ts'
import type { NodeExchange } from './exchange.ts'

type Headers = Readonly<Record<string, string>>

/** An unread body up to here is read past, so that the connection stays good for the next request. */
const WORTH_SKIPPING = 64 * 1024
/** Answers after which nobody can tell where the next request would begin, or should send one. */
const CLOSING: ReadonlySet<number> = new Set([408, 413, 431, 503])
/** How long a client that still sends may take to notice its answer, before the connection closes. */
const LINGER_MS = 5_000
/** The same for a client whose bytes are no longer read. */
const NOTICE_MS = 500
/** Longer answers may not fit the socket, and wait for their reader. */
const MAY_WAIT = 64 * 1024

/** Answers in one write. */
export function respond(exchange: NodeExchange, reply: Reply): void {
  const { response, desk } = exchange
  const { body, rest } = reply
  response.writeHead(reply.status, head(exchange, reply))
  if (body === undefined) {
    response.end()
    return
  }
  if (body.length + (rest?.length ?? 0) > MAY_WAIT) {
    response.setTimeout(desk.site.limits.stallMs, () => {
      if (response.writableLength > 0) exchange.request.socket.destroy()
    })
  }
  if (rest === undefined) {
    response.end(body)
    return
  }
  response.cork()
  response.write(body)
  response.end(rest)
  response.uncork()
}

/**
 * Answers while the body may still be coming. A short one is skipped. Otherwise the connection
 * closes, but not at once: closing on a client that still sends could destroy the answer on its way.
 */
export function respondUnread(exchange: NodeExchange, reply: Reply): void {
  const { response } = exchange
  const isLong = isLongBody(exchange)
  if (!isLong && !exchange.expects && !CLOSING.has(reply.status)) {
    respond(exchange, reply)
    return
  }
  const flat = head(exchange, reply)
  if (!exchange.desk.draining) flat.push('Connection', 'close')
  response.writeHead(reply.status, flat)
  if (!isLong || exchange.expects) {
    response.end(reply.body)
    return
  }
  response.write(reply.body ?? '')
  linger(exchange)
}

/** Reads on for a while and drops what comes; a client that floods is left waiting instead. */
function linger({ request, response, desk }: NodeExchange): void {
  let skipped = 0
  let timer = setTimeout(finish, LINGER_MS)
  function finish(): void {
    clearTimeout(timer)
    response.end()
  }
  request.once('end', finish).once('close', finish)
  request.on('data', (chunk: Uint8Array) => {
    skipped += chunk.length
    if (skipped <= desk.site.bodyLimit) return
    request.pause()
    clearTimeout(timer)
    timer = setTimeout(finish, NOTICE_MS)
  })
}

function isLongBody(exchange: NodeExchange): boolean {
  if (exchange.request.readableEnded) return false
  if (exchange.header('transfer-encoding') !== undefined) return true
  return Number(exchange.header('content-length') ?? 0) > WORTH_SKIPPING
}

function head(exchange: NodeExchange, reply: Reply): string[] {
  const flat = flatHeaders(exchange, reply.headers)
  const { body, rest } = reply
  if (body !== undefined) flat.push('Content-Type', 'application/json')
  if (reply.status !== 204)
    flat.push('Content-Length', body === undefined ? '0' : `${Buffer.byteLength(body) + (rest?.length ?? 0)}`)
  if (exchange.desk.draining) flat.push('Connection', 'close')
  return flat
}

/** Headers as Node writes them fastest: names and values in turn. */
export function flatHeaders(exchange: NodeExchange, headers: Headers | undefined): string[] {
  const flat: string[] = []
  const { cors } = exchange.desk.site.routes
  if (cors.active) append(flat, cors.headers(exchange))
  append(flat, headers)
  return flat
}

function append(flat: string[], headers: Headers | undefined): void {
  for (const name in headers) flat.push(name, headers[name] ?? '')
}
