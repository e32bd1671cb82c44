import type { Duplex } from 'node:stream'
import type { Desk } from './desk.ts'

const { STATUS_CODES } = process.getBuiltinModule('node:http')

const STATUS: Readonly<Record<string, number>> = {
  HPE_HEADER_OVERFLOW: 431,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
}
/** How long a client that still sends may take to notice its answer. */
const LINGER_MS = 500

/** Answers bytes that are no HTTP request and closes the connection; a client that only left is forgotten. */
export function answerBroken(problem: NodeJS.ErrnoException, socket: Duplex, desk: Desk): void {
  if (socket.writableEnded) return // answered already, and still sending
  if (problem.code === 'ECONNRESET' || !socket.writable || desk.liveOn(socket) > 0) {
    socket.destroy()
    return
  }
  const status = STATUS[problem.code ?? ''] ?? 400
  const body = JSON.stringify({ jsonrpc: '2.0', error: { code: 1000 + status, message: STATUS_CODES[status] } })
  const head = `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nContent-Type: application/json\r\n`
  socket.end(`${head}Content-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`)
  const timer = setTimeout(() => socket.destroy(), LINGER_MS)
  socket.once('end', () => socket.destroy()).once('close', () => clearTimeout(timer))
}
