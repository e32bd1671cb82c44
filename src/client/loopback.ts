import type { JSONRPCMessage, Transport } from '@modelcontextprotocol/client'
import type { RpcMessage } from '../protocol/json-rpc.ts'
import type { Loopback } from '../protocol/loopback.ts'
import { Delivery } from './delivery.ts'

/** Speaks MCP with a server object in this process. */
export class LoopbackTransport implements Transport {
  onmessage?: Transport['onmessage']
  onclose?: Transport['onclose']
  onerror?: Transport['onerror']
  readonly #loopback: Loopback
  readonly #delivery = new Delivery((problem) => this.onerror?.(problem as Error)) // listeners throw errors

  constructor(loopback: Loopback) {
    this.#loopback = loopback
  }

  async start(): Promise<void> {
    const loopback = this.#loopback
    loopback.onmessage = (message) => this.#delivery.push(() => this.onmessage?.(message as JSONRPCMessage)) // the same shape
    loopback.onerror = (problem) => this.onerror?.(problem)
    loopback.onclose = () => this.#delivery.push(() => this.onclose?.())
    await loopback.start()
  }

  send(message: JSONRPCMessage): Promise<void> {
    return this.#loopback.send(message as RpcMessage) // the same shape
  }

  close(): Promise<void> {
    return this.#loopback.close()
  }
}
