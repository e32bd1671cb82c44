import { NOT_UTF8, TOO_LARGE } from '../http/refusal.ts'
import type { NodeExchange } from './exchange.ts'

const { isUtf8 } = process.getBuiltinModule('node:buffer')

/** Reads the body of an exchange, then asks the eras. What is too large, too slow or no UTF-8 is answered here. */
export function readBody(exchange: NodeExchange): void {
  const declared = exchange.header('content-length')
  if (declared === undefined) readInSteps(exchange, -1, null)
  // Most bodies come in one packet with their head, and Node has them ready once this turn is over.
  else process.nextTick(readAtOnce, exchange, Number(declared))
}

function readAtOnce(exchange: NodeExchange, length: number): void {
  if (exchange.answered) return
  const body: Buffer | null = length === 0 ? Buffer.alloc(0) : exchange.request.read()
  if (body?.length === length) finish(exchange, body)
  else readInSteps(exchange, length, body)
}

/** `length` is -1 where only the end tells it; `first` is what came already. */
function readInSteps(exchange: NodeExchange, length: number, first: Buffer | null): void {
  const { request, desk } = exchange
  let chunks = first === null ? [] : [first]
  let size = first?.length ?? 0
  desk.beginReading(exchange)

  request.on('data', (chunk: Buffer) => {
    if (exchange.answered) return
    size += chunk.length
    chunks.push(chunk)
    if (size === length) finish(exchange, Buffer.concat(chunks, size))
    if (size <= desk.site.bodyLimit) return
    chunks = []
    exchange.turnAway(TOO_LARGE)
  })
  request.once('end', () => {
    if (!exchange.answered && length < 0) finish(exchange, Buffer.concat(chunks, size))
  })
}

/** Never throws. */
function finish(exchange: NodeExchange, body: Buffer): void {
  exchange.desk.endReading(exchange)
  if (!isUtf8(body)) {
    exchange.reply(NOT_UTF8)
    return
  }
  exchange.text = body.toString()
  exchange.ask()
}
