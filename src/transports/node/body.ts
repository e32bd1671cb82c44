import { Buffer, isUtf8 } from 'node:buffer'
import { NOT_UTF8, TOO_LARGE } from '../http/refusal.ts'
import type { NodeExchange } from './exchange.ts'

/** Reads the body of an exchange, then asks the eras. What is too large, too slow or no UTF-8 is answered here. */
export function readBody(exchange: NodeExchange): void {
  const declared = exchange.header('content-length')
  const length = declared === undefined ? -1 : Number(declared)
  if (length === 0) {
    exchange.ask()
    return
  }
  const { request, desk } = exchange
  let size = 0
  let chunks: Buffer[] | undefined
  exchange.readingSince = desk.sweeps
  desk.beginReading(exchange)

  request.on('data', (chunk: Buffer) => {
    if (exchange.answered) return
    size += chunk.length
    if (size > desk.site.bodyLimit) {
      chunks = undefined
      exchange.turnAway(TOO_LARGE)
    } else if (size === length && chunks === undefined) {
      // Nearly every body comes in one piece, and is complete before its end is announced.
      finish(exchange, chunk)
    } else {
      chunks ??= []
      chunks.push(chunk)
      if (size === length) finish(exchange, Buffer.concat(chunks, size))
    }
  })
  if (length > 0) return
  request.once('end', () => {
    if (!exchange.answered) finish(exchange, Buffer.concat(chunks ?? [], size))
  })
}

function finish(exchange: NodeExchange, body: Buffer): void {
  exchange.desk.endReading(exchange)
  if (!isUtf8(body)) {
    exchange.reply(NOT_UTF8)
    return
  }
  exchange.text = body.toString()
  exchange.ask()
}
