import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

/** An HTTP answer as it came over the wire. */
export interface RawAnswer {
  readonly status: number
  readonly head: string
  readonly body: string
  /** By lower-case name; undefined where absent. */
  header(name: string): string | undefined
}

/** A client that sends whatever bytes it likes. */
export class RawSocket {
  readonly socket: Socket
  readonly closed: Promise<void>
  #received = Buffer.alloc(0)
  #wake: (() => void) | undefined

  private constructor(socket: Socket) {
    this.socket = socket
    this.closed = new Promise((resolve) => socket.once('close', () => resolve()))
    socket.on('data', (chunk) => {
      this.#received = Buffer.concat([this.#received, chunk])
      this.#wake?.()
    })
    socket.on('close', () => this.#wake?.())
    // A server that cuts a hostile client off may reset the connection; `closed` tells.
    socket.on('error', () => undefined)
  }

  static async open(port: number): Promise<RawSocket> {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true })
    const raw = new RawSocket(socket)
    await once(socket, 'connect')
    return raw
  }

  /** Everything that came and is not yet taken as an answer. */
  get received(): string {
    return this.#received.toString('latin1')
  }

  write(bytes: string | Uint8Array): void {
    this.socket.write(bytes)
  }

  /** The next whole answer, of which one to HEAD has no body; rejects when the connection closes before it. */
  async answer(verb?: string): Promise<RawAnswer> {
    for (;;) {
      const whole = takeAnswer(this.#received, verb === 'HEAD')
      if (whole !== undefined) {
        this.#received = this.#received.subarray(whole.length)
        return whole.answer
      }
      if (this.socket.closed) throw new Error(`The connection closed after: ${this.received.slice(0, 200)}`)
      await this.#more()
    }
  }

  /** Waits until what came so far holds a text. */
  async until(text: string): Promise<void> {
    while (!this.received.includes(text)) {
      if (this.socket.closed) throw new Error(`The connection closed before ${JSON.stringify(text)}`)
      await this.#more()
    }
  }

  destroy(): void {
    this.socket.destroy()
  }

  #more(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve
    })
  }
}

/** Sends bytes over a connection of their own and gives the first answer, and whether the server then closed. */
export async function sendRaw(port: number, bytes: string | Uint8Array): Promise<RawAnswer> {
  const raw = await RawSocket.open(port)
  try {
    raw.write(bytes)
    return await raw.answer(bytes.toString().split(' ', 1)[0])
  } finally {
    raw.destroy()
  }
}

/** The bytes of a request. Headers given as a list may repeat; `Host` is put first unless one is among them. */
export function requestText(
  port: number,
  line: string,
  headers: readonly (readonly [string, string])[] = [],
  body = '',
): string {
  const hasHost = headers.some(([name]) => name.toLowerCase() === 'host')
  const all = [...(hasHost ? [] : [['Host', `127.0.0.1:${port}`] as const]), ...headers]
  return `${line} HTTP/1.1\r\n${all.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n${body}`
}

/** The bytes of a POST of JSON to `/mcp`. */
export function postText(port: number, body: string, headers: readonly (readonly [string, string])[] = []): string {
  const usual = [
    ['Content-Type', 'application/json'],
    ['Accept', 'application/json, text/event-stream'],
    ['Content-Length', `${Buffer.byteLength(body)}`],
  ] as const
  const own = new Set(headers.map(([name]) => name.toLowerCase()))
  return requestText(port, 'POST /mcp', [...usual.filter(([name]) => !own.has(name.toLowerCase())), ...headers], body)
}

function takeAnswer(bytes: Buffer, isHeadOnly: boolean): { answer: RawAnswer; length: number } | undefined {
  const split = bytes.indexOf('\r\n\r\n')
  if (split < 0) return undefined
  const head = bytes.subarray(0, split).toString('latin1')
  const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(head)?.[1] ?? Number.NaN)
  const header = (name: string): string | undefined => new RegExp(`^${name}: (.*)$`, 'im').exec(head)?.[1]?.trim()
  const start = split + 4
  const chunked = header('transfer-encoding') === 'chunked'
  if (isHeadOnly) return { answer: { status, head, header, body: '' }, length: start }
  const end = chunked ? bytes.indexOf('0\r\n\r\n', start) + 5 : start + Number(header('content-length') ?? 0)
  if (end > bytes.length || (chunked && end < start + 5)) return undefined
  return { answer: { status, head, header, body: bytes.subarray(start, end).toString() }, length: end }
}
