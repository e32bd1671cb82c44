import { describe, expectTypeOf, it } from 'vitest'
import { z } from 'zod'
import { type Context, dependency, FastMCP, lifespans, prompt, resource, tool } from '../index.ts'

interface Pool {
  query(sql: string): Promise<readonly string[]>
}
declare function openPool(url?: string): Promise<Pool>

interface App {
  readonly pool: Pool
}

const info = { name: 'types', version: '1.0.0' }
const mcp = new FastMCP({
  ...info,
  lifespan: async () => ({ pool: await openPool(), async [Symbol.asyncDispose]() {} }),
})
const plain = new FastMCP(info)

describe('ctx.app', () => {
  it('is what the lifespan gives, in every handler', () => {
    mcp.tool('t', { description: 'x', input: z.object({ q: z.string() }) }, ({ q }, ctx) => {
      expectTypeOf(ctx.app.pool).toEqualTypeOf<Pool>()
      // @ts-expect-error there is no such member
      ctx.app.cache
      return ctx.app.pool.query(q)
    })
    mcp.tool('rows', { description: 'x', output: z.array(z.string()) }, async function* (_, ctx) {
      for (const row of await ctx.app.pool.query('rows')) yield row
    })
    mcp.resource('rows://{id}', { complete: { id: (typed, { ctx }) => ctx.app.pool.query(typed) } }, ({ id }, ctx) => {
      expectTypeOf(ctx.app.pool).toEqualTypeOf<Pool>()
      return ctx.app.pool.query(id)
    })
    mcp.prompt(
      'p',
      { input: z.object({ id: z.string() }), complete: { id: (typed, { ctx }) => ctx.app.pool.query(typed) } },
      async ({ id }, ctx) => (await ctx.app.pool.query(id)).join(),
    )
    mcp.use(async ({ context }, next) => {
      expectTypeOf(context.app.pool).toEqualTypeOf<Pool>()
      return next()
    })
    mcp.use('tools/call', ({ context, params }, next) => {
      expectTypeOf(params.name).toEqualTypeOf<string>()
      expectTypeOf(context.app.pool).toEqualTypeOf<Pool>()
      return next()
    })
  })

  it('is unknown without a lifespan', () => {
    expectTypeOf(plain).toEqualTypeOf<FastMCP>()
    plain.tool('t', { description: 'x' }, (_, ctx) => {
      expectTypeOf(ctx.app).toEqualTypeOf<unknown>()
      // @ts-expect-error there may be nothing
      ctx.app.pool
    })
  })

  it('may be given now, and be anything', () => {
    const one = new FastMCP({ ...info, lifespan: () => 7 })
    one.tool('t', { description: 'x' }, (_, ctx) => {
      expectTypeOf(ctx.app).toEqualTypeOf<number>()
    })
  })

  it('can be needed by a component of its own file, which then fits that server alone', () => {
    const count = tool('count', { description: 'x' }, (_, ctx: Context<App>) => ctx.app.pool.query('count'))
    const rows = resource('rows://all', {}, (_, ctx: Context<App>) => ctx.app.pool.query('all'))
    const ask = prompt('ask', {}, async (_, ctx: Context<App>) => (await ctx.app.pool.query('ask')).join())
    mcp.add(count, rows, ask)
    // @ts-expect-error there is no pool
    plain.add(count)
    // @ts-expect-error there is no pool
    plain.add(rows)
    // @ts-expect-error there is no pool
    plain.add(ask)
    // What needs no app fits every server.
    const ping = tool('ping', { description: 'x' }, () => 'pong')
    mcp.add(ping)
    plain.add(ping)
  })

  it('does not keep a server from where any will do', () => {
    const mount = (server: FastMCP): FastMCP => server
    mount(mcp)
    plain.mount('child', mcp)
  })
})

describe('lifespans', () => {
  const openConfig = async () => ({ config: { url: 'x' } })
  const openDatabase = async ({ config }: { config: { url: string } }) => ({ pool: await openPool(config.url) })
  const migrate = async ({ pool }: App): Promise<void> => void (await pool.query('migrate'))

  it('joins what each gives', () => {
    const whole = new FastMCP({ ...info, lifespan: lifespans(openConfig, openDatabase, migrate) })
    whole.tool('t', { description: 'x' }, (_, ctx) => {
      expectTypeOf(ctx.app.config.url).toEqualTypeOf<string>()
      expectTypeOf(ctx.app.pool).toEqualTypeOf<Pool>()
      // @ts-expect-error no lifespan gives it
      ctx.app.cache
    })
  })

  it('is one itself, and can be opened without a server', async () => {
    const both = lifespans(openConfig, openDatabase)
    await using app = await both()
    expectTypeOf(app.pool).toEqualTypeOf<Pool>()
    lifespans(both, migrate)
  })

  it('refuses a lifespan before what it needs', () => {
    // @ts-expect-error the configuration comes too late
    lifespans(openDatabase, openConfig)
    // @ts-expect-error nothing gives a pool
    lifespans(openConfig, migrate)
    // @ts-expect-error a text is no app that could be joined
    lifespans(() => 'text')
  })
})

describe('ctx.use', () => {
  const connection = dependency('connection', async (ctx: Context<App>) => ({ pool: ctx.app.pool, number: 1 }))
  const clock = dependency('clock', () => ({ now: (): number => 0 }), {
    dispose: (made) => void expectTypeOf(made.now()).toEqualTypeOf<number>(),
  })

  it('gives what the dependency makes', () => {
    mcp.tool('t', { description: 'x' }, async (_, ctx) => {
      expectTypeOf(await ctx.use(connection)).toEqualTypeOf<{ pool: Pool; number: number }>()
      expectTypeOf((await ctx.use(clock)).now()).toEqualTypeOf<number>()
    })
    plain.tool('t', { description: 'x' }, async (_, ctx) => {
      await ctx.use(clock)
      // @ts-expect-error this server has no pool
      await ctx.use(connection)
      // @ts-expect-error that is no dependency
      await ctx.use('clock')
    })
  })

  it('is there for dependencies too', () => {
    const numbers = dependency('numbers', async (ctx: Context<App>) => (await ctx.use(connection)).number)
    mcp.use(async ({ context }, next) => {
      expectTypeOf(await context.use(numbers)).toEqualTypeOf<number>()
      return next()
    })
  })
})
