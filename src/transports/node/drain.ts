import type { Server } from 'node:http'
import type { Socket } from 'node:net'
import { until } from '../until.ts'
import type { Desk } from './desk.ts'

/** After the work is done: how long streams and connections may take to end by themselves. */
const FAREWELL_MS = 1_000

/** The connections of a server, from now on. */
export function connectionsOf(server: Server): ReadonlySet<Socket> {
  const sockets = new Set<Socket>()
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  return sockets
}

/** A server, and what its end is about. */
interface Ending {
  readonly server: Server
  readonly desk: Desk
  readonly sockets: ReadonlySet<Socket>
}

/** Stops a server: no new work, the work in flight within `drainMs`, then the streams, then all that is left. */
export async function drain({ server, desk, sockets }: Ending, drainMs: number): Promise<void> {
  desk.draining = true
  let closed = false
  server.close(() => {
    closed = true
  })
  await until(() => !desk.busy, drainMs)
  desk.eras.close()
  await until(() => {
    // Answered connections are kept alive by their clients; nobody else closes them now.
    server.closeIdleConnections()
    // Some clients open one ahead. While nothing has come on it, Node does not call it idle.
    for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy()
    return closed
  }, FAREWELL_MS)
  server.closeAllConnections()
}
