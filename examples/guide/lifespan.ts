import { type Context, dependency, FastMCP, lifespans, tool } from '@fastmcp/ts'
import { createTestClient } from '@fastmcp/ts/testing'
import { z } from 'zod'

/** Stands for a database: it remembers what was done with it. */
export const done: string[] = []

interface Config {
  readonly url: string
}

class Connection {
  async query(sql: string, values: readonly unknown[] = []): Promise<readonly { readonly id: number }[]> {
    done.push([sql, ...values].join(' '))
    return [{ id: 1 }, { id: 2 }]
  }

  release(): void {
    done.push('release')
  }
}

class Pool extends Connection {
  async connect(): Promise<Connection> {
    done.push('connect')
    return new Connection()
  }

  async end(): Promise<void> {
    done.push('end')
  }
}

async function connectPool(url = 'postgresql://localhost/shop'): Promise<Pool> {
  done.push(`open ${url}`)
  return new Pool()
}

/** As the page begins. */
export function openShop() {
  // #region app
  const mcp = new FastMCP({
    name: 'shop',
    version: '1.0.0',
    lifespan: async () => {
      const pool = await connectPool()
      return { pool, [Symbol.asyncDispose]: () => pool.end() }
    },
  })

  mcp.tool('count_orders', { description: 'How many orders there are' }, async (_, ctx) => {
    const rows = await ctx.app.pool.query('SELECT id FROM orders')
    return rows.length
  })
  // #endregion
  return mcp
}

// #region several
const openConfig = async () => ({ config: { url: 'postgresql://db.example.com/shop' } })

const openPool = async ({ config }: { config: Config }) => {
  const pool = await connectPool(config.url)
  return { pool, [Symbol.asyncDispose]: () => pool.end() }
}

const migrate = async ({ pool }: { pool: Pool }) => {
  await pool.query('CREATE TABLE IF NOT EXISTS orders (id int)')
}

export const openApp = lifespans(openConfig, openPool, migrate)
export const mcp = new FastMCP({ name: 'shop', version: '1.0.0', lifespan: openApp })
// #endregion

// #region own-file
export type App = Awaited<ReturnType<typeof openApp>>

export const listOrders = tool('list_orders', { description: 'All orders' }, (_, ctx: Context<App>) =>
  ctx.app.pool.query('SELECT id FROM orders'),
)
// #endregion

mcp.add(listOrders)

// #region dependency
const connection = dependency('connection', (ctx: Context<App>) => ctx.app.pool.connect(), {
  dispose: (client) => client.release(),
})

const orders = dependency('orders', async (ctx: Context<App>) => {
  const client = await ctx.use(connection)
  return {
    async cancel(id: number): Promise<string> {
      await client.query('DELETE FROM orders WHERE id = $1', [id])
      return `Order ${id} is cancelled`
    },
  }
})

const input = z.object({ id: z.int() })
mcp.tool('cancel_order', { description: 'Cancels an order', input }, async ({ id }, ctx) => {
  return (await ctx.use(orders)).cancel(id)
})
// #endregion

/** A test of the tool above, without a database. */
export async function cancelInTest(): Promise<unknown> {
  // #region replace
  const fake = { cancel: async (id: number) => `Pretended to cancel ${id}` }
  await using client = await createTestClient(mcp, { replace: [[orders, () => fake]] })
  const { data } = await client.callTool('cancel_order', { id: 7 })
  // #endregion
  return data
}
