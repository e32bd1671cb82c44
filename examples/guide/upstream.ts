import { type Auth, FastMCP, ToolError } from '@fastmcp/ts'
import {
  type Fetch,
  guardedFetch,
  oauth2,
  type Upstream,
  type UpstreamAuth,
  UpstreamError,
  upstream,
} from '@fastmcp/ts/upstream'
import { z } from 'zod'

const User = z.object({ id: z.number(), name: z.string() })
const NewUser = z.object({ name: z.string() })

const sign = async (text: string): Promise<string> => `signed-${text.length}`

// #region own
const signed: UpstreamAuth = async ({ url, headers }) => {
  const signature = await sign(url.pathname)
  headers.set('x-signature', signature)
  return { secrets: [signature] }
}
// #endregion

// #region exchange
const forCaller = oauth2({
  grant: 'token_exchange',
  tokenUrl: 'https://login.example.com/token',
  clientId: 'my-server',
  subject: (caller: Auth) => String(caller.claims?.token), // what `authenticate` put there
  audience: 'https://billing.example.com',
})
// #endregion

// #region guard
const abroad = guardedFetch()
const hook = (address: string): Upstream => upstream({ name: 'The hook', baseUrl: address, fetch: abroad })
// #endregion

/** A server with stand-ins for its APIs. */
export function createServer(fetch: Fetch): FastMCP {
  const mcp = new FastMCP({ name: 'directory', version: '1.0.0' })

  // #region client
  const directory: Upstream = upstream({
    name: 'The directory', // in errors; without it "The API"
    baseUrl: 'https://directory.example.com/v1',
    headers: { 'x-team': 'blue' },
    timeout: 5_000,
    auth: signed,
    fetch,
  })
  // #endregion
  const billing = upstream({ name: 'Billing', baseUrl: 'https://billing.example.com', auth: forCaller, fetch })

  mcp.tool('get_user', { description: 'A user', input: z.object({ id: z.string() }) }, async ({ id }, ctx) => {
    // #region get
    const user = await directory.get('/users/{id}', { params: { id }, query: { fields: 'name' }, output: User, ctx })
    // #endregion
    return user.name
  })

  mcp.tool('add_user', { description: 'Adds a user', input: NewUser }, async (user, ctx) => {
    // #region post
    const added = await directory.post('/users', { json: user, output: User, ctx })
    // #endregion
    return added.id
  })

  mcp.tool('tell', { description: 'Tells a hook', input: z.object({ hook: z.url() }) }, async (input, ctx) => {
    await hook(input.hook).post('/', { json: { event: 'told' }, ctx })
  })

  mcp.tool('add_user_once', { description: 'Adds a user', input: NewUser }, async (user, ctx) => {
    // #region idempotent
    const headers = { 'idempotency-key': String(ctx.requestId) }
    const added = await directory.post('/users', { json: user, headers, idempotent: true, output: User, ctx })
    // #endregion
    return added.id
  })

  mcp.tool(
    'find_user',
    { description: 'A user, or nobody', input: z.object({ id: z.string() }) },
    async ({ id }, ctx) => {
      // #region catch
      try {
        const { name } = await directory.get('/users/{id}', { params: { id }, output: User, ctx })
        return name
      } catch (problem) {
        if (problem instanceof UpstreamError && problem.status === 404) return 'nobody'
        throw problem
      }
      // #endregion
    },
  )

  mcp.tool(
    'portrait',
    { description: 'The portrait of a user', input: z.object({ id: z.string() }) },
    async ({ id }, ctx) => {
      // #region send
      const answer = await directory.send('GET', '/users/{id}/portrait', {
        params: { id },
        maxResponseBytes: 200_000,
        ctx,
      })
      if (!answer.ok) {
        answer.discard()
        throw new ToolError('NOT_FOUND', `There is no portrait (${answer.status})`)
      }
      const image = await answer.bytes()
      // #endregion
      return `${answer.headers.get('content-type')}, ${image.length} bytes`
    },
  )

  mcp.tool('invoices', { description: 'Invoices of the caller' }, (_, ctx) => billing.get('/invoices', { ctx }))
  return mcp
}
