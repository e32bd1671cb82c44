/**
 * A server whose API can be another one in tests: `fetch` is an option of the upstream, so nothing global is replaced.
 *
 *     npx fastmcp call examples/patterns/x2-mocked-api.ts get_user id=1
 */
import { FastMCP } from '@fastmcp/ts'
import { type Fetch, upstream } from '@fastmcp/ts/upstream'
import { z } from 'zod'

const User = z.object({ id: z.number(), name: z.string() })

// #region server
export function createServer(fetch?: Fetch): FastMCP {
  const users = upstream({ name: 'The directory', baseUrl: 'https://jsonplaceholder.typicode.com', fetch })
  return new FastMCP({ name: 'users', version: '1.0.0' }).tool(
    'get_user',
    { description: 'A user', input: z.object({ id: z.int() }), output: User },
    ({ id }, ctx) => users.get('/users/{id}', { params: { id }, output: User, ctx }),
  )
}
// #endregion

export const mcp = createServer()
