import type { RpcMessage } from './json-rpc.ts'

/**
 * The member by which a server object offers a connection that never leaves the process. A plain
 * name, so that a client of one copy of the library knows a server of another.
 */
export const LOOPBACK = '~connect'

/**
 * The client's end of a connection inside one process, in the shape of the official `Transport`:
 * handlers are set first, then `start`. Closing either end closes both.
 */
export interface Loopback {
  onmessage?: ((message: RpcMessage) => void) | undefined
  onclose?: (() => void) | undefined
  onerror?: ((error: Error) => void) | undefined
  start(): Promise<void>
  send(message: RpcMessage): Promise<void>
  close(): Promise<void>
}
