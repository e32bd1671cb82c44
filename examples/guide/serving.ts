/**
 * Every way to serve. As a program: `npx jiti examples/guide/serving.ts http`.
 */
import { type Execution, FastMCP } from '@fastmcp/ts'

const token = process.env.TOKEN ?? 'only an example'

// #region authenticate
const mcp = new FastMCP({
  name: 'ops',
  version: '1.0.0',
  authenticate: (request) =>
    request.header('authorization') === `Bearer ${token}` ? { subject: 'ops', scopes: ['deploy'] } : undefined,
})
// #endregion

mcp.tool('whoami', { description: 'Who is calling' }, (_, ctx) => ctx.auth?.subject ?? 'nobody')

const [, program = '', way] = process.argv
const isProgram = program.endsWith('serving.ts')
if (isProgram && way === 'flags') {
  // #region ways
  await mcp.run() // stdio, or what flags and environment say
  // #endregion
} else if (isProgram && way === 'http') {
  // #region ways
  await mcp.run({ transport: 'http', port: 0 }) // HTTP on 127.0.0.1, here on a port that is free
  // #endregion
}

/** HTTP without signal handlers, until `close`. */
export async function overHttp() {
  // #region ways
  const { url, close } = await mcp.listen({ port: 0 }) // HTTP without signal handlers, for programs that do more
  // #endregion
  return { url, close }
}

// #region ways
export default mcp // Workers, Deno, Bun: a fetch handler
// #endregion

// #region worker
/** In place of `export default mcp`, for a worker that does more. */
export const worker = {
  fetch(request: Request, environment: unknown, execution: Execution): Response | Promise<Response> {
    if (new URL(request.url).pathname === '/version') return new Response('1')
    return mcp.fetch(request, environment, execution)
  },
}
// #endregion
