/**
 * Connections to PostgreSQL, shared by all calls: a pool of at most 10 where `DATABASE_URL` names a server, otherwise
 * PostgreSQL in this very process. Opened with the server, and closed with it.
 *
 *     npx fastmcp run examples/patterns/p2-connection-pooling.ts
 *     DATABASE_URL=postgresql://localhost/bank npx fastmcp run examples/patterns/p2-connection-pooling.ts
 */
import { PGlite } from '@electric-sql/pglite'
import { FastMCP, lifespans, ToolError } from '@fastmcp/ts'
import pg from 'pg'
import { z } from 'zod'

interface Database {
  query(sql: string, values?: unknown[]): Promise<{ readonly rows: readonly { readonly [column: string]: unknown }[] }>
}

// #region pool
async function openDatabase(url: string | undefined) {
  if (url === undefined) {
    const db = await PGlite.create()
    return { db: db as Database, [Symbol.asyncDispose]: () => db.close() }
  }
  const pool = new pg.Pool({ connectionString: url, max: 10 })
  pool.on('error', (problem) => console.error(`An idle connection broke: ${problem.message}`))
  return { db: pool as Database, [Symbol.asyncDispose]: () => pool.end() }
}
// #endregion

async function createAccounts({ db }: { db: Database }) {
  await db.query('CREATE TABLE IF NOT EXISTS accounts (name text PRIMARY KEY, balance int CHECK (balance >= 0))')
  await db.query(
    "INSERT INTO accounts SELECT 'account-' || n, 100 FROM generate_series(1, 50) AS n ON CONFLICT DO NOTHING",
  )
}

export function createServer(url = process.env.DATABASE_URL) {
  // #region server
  const mcp = new FastMCP({
    name: 'bank',
    version: '1.0.0',
    lifespan: lifespans(() => openDatabase(url), createAccounts),
  })
  const output = z.object({ balance: z.int() })

  mcp.tool(
    'balance',
    { description: 'What is in an account', input: z.object({ name: z.string() }), output },
    async ({ name }, ctx) => {
      const { rows } = await ctx.app.db.query('SELECT balance FROM accounts WHERE name = $1', [name])
      if (rows[0] === undefined) throw new ToolError('NOT_FOUND', `There is no account ${name}`)
      return output.parse(rows[0])
    },
  )
  // #endregion

  mcp.tool(
    'withdraw',
    {
      description: 'Takes money out of an account',
      input: z.object({ name: z.string(), amount: z.int().positive() }),
      output,
    },
    async ({ name, amount }, ctx) => {
      const sql = 'UPDATE accounts SET balance = balance - $2 WHERE name = $1 RETURNING balance'
      return output.parse((await ctx.app.db.query(sql, [name, amount])).rows[0])
    },
  )
  return mcp
}

export const mcp = createServer()
