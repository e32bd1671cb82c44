import type { JSONRPCMessage, JSONRPCRequest } from '@modelcontextprotocol/client'
import { ClientError } from './errors.ts'

/** What a renewal needs of its transport. */
interface RenewedTransport {
  /** Gets a message to the server, which may be answered before that is done. */
  readonly send: (message: JSONRPCMessage) => Promise<void>
  /** Hears that there is a new session, which knows nothing of the old one. */
  readonly renewed: () => void
}

/** Longest wait for a server to answer the handshake of a new session. */
const HANDSHAKE_MS = 10_000

/**
 * Begins a session anew when the server has lost the one there was, by the handshake that began
 * the first (2025-11-25 basic/transports, Session Management).
 */
export class SessionRenewal {
  readonly #transport: RenewedTransport
  #handshake: JSONRPCRequest | undefined
  #renewing: Promise<void> | undefined
  #answer: ((message: JSONRPCMessage) => void) | undefined
  #count = 0

  constructor(transport: RenewedTransport) {
    this.#transport = transport
  }

  get isRunning(): boolean {
    return this.#renewing !== undefined
  }

  /** Remembers the handshake among the requests that pass. */
  note(request: JSONRPCRequest): void {
    if (request.method === 'initialize') this.#handshake = request
  }

  /** Takes the answer to a handshake of its own, which is nobody else's. */
  take(message: JSONRPCMessage): boolean {
    if ('method' in message || message.id !== this.#id) return false
    this.#answer?.(message)
    return true
  }

  /** Begins a new session; once for all who find the old one gone. */
  renew(): Promise<void> {
    this.#renewing ??= this.#shakeHands().finally(() => {
      this.#renewing = undefined
    })
    return this.#renewing
  }

  get #id(): string {
    return `session-renewal-${this.#count}`
  }

  async #shakeHands(): Promise<void> {
    const { send, renewed } = this.#transport
    if (this.#handshake === undefined) throw new ClientError('CONNECTION_CLOSED', 'There was no session to begin anew')
    this.#count++
    let timer: ReturnType<typeof setTimeout> | undefined
    const answered = new Promise<JSONRPCMessage>((resolve, reject) => {
      this.#answer = resolve
      timer = setTimeout(
        () => reject(new ClientError('TIMEOUT', 'The server did not begin a new session in time')),
        HANDSHAKE_MS,
      )
    })
    try {
      const [answer] = await Promise.all([answered, send({ ...this.#handshake, id: this.#id })])
      if (!('result' in answer)) throw new ClientError('CONNECTION_CLOSED', 'The server does not begin a new session')
      await send({ jsonrpc: '2.0', method: 'notifications/initialized' })
      renewed()
    } finally {
      clearTimeout(timer)
      this.#answer = undefined
    }
  }
}
