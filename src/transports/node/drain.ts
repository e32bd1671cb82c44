import type { Server } from 'node:http'
import { until } from '../until.ts'
import type { Desk } from './desk.ts'

/** After the work is done: how long streams and connections may take to end by themselves. */
const FAREWELL_MS = 1_000

/** Stops a server: no new work, the work in flight within `drainMs`, then the streams, then all that is left. */
export async function drain(server: Server, desk: Desk, drainMs: number): Promise<void> {
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
    return closed
  }, FAREWELL_MS)
  server.closeAllConnections()
}
