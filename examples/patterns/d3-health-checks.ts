/**
 * A server that tells how it is. `GET /health` says that the process lives, `GET /ready` whether it should get requests,
 * and the resource `health://status` everything: a dependency that is down, or does not answer in time, makes it `degraded`.
 *
 *     npx fastmcp run examples/patterns/d3-health-checks.ts --transport http
 */
import { once } from 'node:events'
import { connect } from 'node:net'
import { FastMCP } from '@fastmcp/ts'

const { API_URL = 'https://api.frankfurter.dev/v1/latest', DATABASE_PORT = '5432' } = process.env

export function createServer(apiUrl = API_URL, databasePort = Number(DATABASE_PORT)): FastMCP {
  // #region checks
  const mcp = new FastMCP({
    name: 'shop',
    version: '1.0.0',
    health: {
      checks: {
        api: async (signal) => (await fetch(apiUrl, { method: 'HEAD', signal })).ok,
        database: async (signal) => {
          const socket = connect(databasePort)
          await once(socket, 'connect', { signal }).finally(() => socket.destroy())
        },
      },
      timeoutMs: 1_000,
    },
  })
  // #endregion

  mcp.tool('hello', { description: 'Greets' }, () => 'Hello')
  return mcp
}

export const mcp = createServer()
