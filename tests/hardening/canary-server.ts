/**
 * A server made of everything that handles secrets, with one in every place. `canary.test.ts` drives it in the test's
 * own process, and through the command line in another.
 */
import { env, FastMCP, type FastMCPOptions, ToolError } from '@fastmcp/ts'
import { cache, errors, logging, on, rateLimit, responseLimit, retry, timeLimit, timing } from '@fastmcp/ts/middleware'
import { apiKey, oauth2, upstream } from '@fastmcp/ts/upstream'
import { z } from 'zod'

const Settings = z.object({
  API_KEY: z.string(),
  CLIENT_SECRET: z.string(),
  DATABASE_URL: z.string(),
  ACCESS_TOKEN: z.string(),
  UPSTREAM: z.string(),
  FAIL: z.enum(['start', 'stop', 'never']).default('never'),
  LIMIT: z.int().positive().default(10_000),
})

class DatabaseError extends Error {}

export function createServer(
  variables: Readonly<Record<string, string | undefined>>,
  options: Partial<FastMCPOptions> = {},
): FastMCP {
  const settings = env(Settings, { env: variables })
  const common = { baseUrl: settings.UPSTREAM, timeout: 100, retry: { retries: 1, initialDelay: 1 } }
  const upstreams = {
    header: upstream({ ...common, auth: apiKey({ header: 'authorization', value: `Bearer ${settings.API_KEY}` }) }),
    query: upstream({ ...common, auth: apiKey({ query: 'key', value: settings.API_KEY }) }),
    oauth: upstream({
      ...common,
      auth: oauth2({
        grant: 'client_credentials',
        tokenUrl: new URL('token', settings.UPSTREAM),
        clientId: 'canary',
        clientSecret: settings.CLIENT_SECRET,
      }),
    }),
  }
  const failed = (words: string) =>
    new Error(`${words}: connect ${settings.DATABASE_URL} failed, api_key=${settings.API_KEY}`)

  const mcp = new FastMCP({
    name: 'canary',
    version: '1.0.0',
    authenticate: (request) => {
      const given = request.header('authorization')
      if (given === `Bearer ${settings.ACCESS_TOKEN} broken`) throw failed('authenticate')
      return given === `Bearer ${settings.ACCESS_TOKEN}` ? { subject: 'ada', claims: { token: given } } : undefined
    },
    lifespan: async () => {
      if (settings.FAIL === 'start') throw failed('start')
      const end = async () => {
        if (settings.FAIL === 'stop') throw failed('stop')
      }
      return { ...settings, [Symbol.asyncDispose]: end }
    },
    health: {
      checks: {
        database: () => Promise.reject(failed('health')),
        api: (signal) => upstreams.header.get('/500', { ctx: { signal, auth: undefined } }),
      },
    },
    ...options,
  })

  const timings = timing()
  mcp.use(logging())
  mcp.use('tools/call', logging({ arguments: true }))
  mcp.use(timings)
  mcp.use(errors([on(DatabaseError, () => new ToolError('API_ERROR', 'The database is away'))]))
  mcp.use(rateLimit({ limit: settings.LIMIT, per: 3_600_000 }))
  mcp.use('tools/call', cache({ ttl: 60_000 }))
  mcp.use('tools/call', retry({ retries: 1, initialDelay: 1, maxDelay: 5 }))
  mcp.use('tools/call', timeLimit({ ms: 10_000 }))
  mcp.use('tools/call', responseLimit({ maxBytes: 100_000 }))

  const readOnly = { readOnlyHint: true } as const
  mcp.tool(
    'ask',
    {
      description: 'Asks the upstream',
      input: z.object({ by: z.enum(['header', 'query', 'oauth']), path: z.string() }),
      annotations: readOnly,
    },
    ({ by, path }, ctx) => upstreams[by].get(path, { output: z.object({ count: z.int() }), ctx }),
  )
  mcp.tool(
    'log_in',
    {
      description: 'Takes a secret',
      input: z.object({
        user: z.enum(['ada', 'bea']),
        password: z.string().min(100),
        pin: z.int().meta({ 'x-mcp-header': 'Pin' }),
      }),
    },
    () => 'in',
  )
  mcp.tool('throw', { description: 'Throws', input: z.object({ password: z.string() }) }, ({ password }) => {
    throw Object.assign(failed('tool'), { password, cause: failed(`password=${password}`) })
  })
  mcp.tool('translate', { description: 'Throws what a layer translates', annotations: readOnly }, () => {
    throw new DatabaseError(settings.DATABASE_URL)
  })
  mcp.tool('tell', { description: 'Tells all it knows of the request' }, (_, ctx) => {
    ctx.log.info('request', { headers: ctx.headers, client: ctx.client.info, meta: ctx.meta })
    ctx.progress(1, 2, JSON.stringify(ctx.headers))
    return { headers: ctx.headers, subject: ctx.auth?.subject, timings: timings.snapshot() }
  })
  mcp.tool('ask_back', { description: 'Keeps a secret over a question' }, async (_, ctx) => {
    const secret = await ctx.once('secret', () => settings.API_KEY)
    const answer = await ctx.elicit('Go on?', z.object({ yes: z.boolean() }))
    return answer.action === 'accept' && secret === settings.API_KEY ? 'went on' : 'stopped'
  })
  mcp.tool('stream', { description: 'Fails in the middle' }, async function* () {
    yield 'one'
    throw failed('stream')
  })
  mcp.resource('broken://resource', {}, () => {
    throw failed('resource')
  })
  mcp.prompt('broken', { description: 'Throws', input: z.object({ password: z.string() }) }, () => {
    throw failed('prompt')
  })
  return mcp
}

/** What the command line finds. */
export const mcp = process.env.CANARY_PROGRAM === undefined ? undefined : createServer(process.env)
