/**
 * Errors that a model can act on: a code, words and details. Errors of the domain are translated by one table; whatever
 * the table does not know is masked, and goes whole to `onError` under the reference that the model reads.
 *
 *     npx fastmcp call examples/patterns/e1-structured-errors.ts transfer from=ada to=nobody amount=5
 */
import { FastMCP, ToolError } from '@fastmcp/ts'
import { errors, logging, on, rateLimit } from '@fastmcp/ts/middleware'
import { z } from 'zod'

class NoAccount extends Error {}
class NotEnough extends Error {
  readonly missing: number
  constructor(missing: number) {
    super(`${missing} short`)
    this.missing = missing
  }
}

const balances = new Map([
  ['ada', 100],
  ['bea', 20],
])

export const mcp = new FastMCP({ name: 'bank', version: '1.0.0' })

mcp.use(logging())
// #region table
mcp.use(
  errors([
    on(NoAccount, ({ message }) => new ToolError('NOT_FOUND', message, { known: [...balances.keys()] })),
    on(NotEnough, ({ missing }) => new ToolError('VALIDATION_ERROR', 'Not enough money', { missing })),
  ]),
)
// #endregion
mcp.use(rateLimit({ limit: 100, per: 60_000, tools: { transfer: { limit: 10, per: 60_000 } } }))

const Transfer = z.object({ from: z.string(), to: z.string(), amount: z.int().positive() })

mcp.tool('transfer', { description: 'Moves money', input: Transfer }, ({ from, to, amount }) => {
  if (to === 'bank') throw new ToolError('UNAUTHORIZED', 'Nobody may pay into the account of the bank', { account: to })
  const [source, target] = [balanceOf(from), balanceOf(to)]
  if (source < amount) throw new NotEnough(amount - source)
  if (amount === 13) throw new ToolError('API_ERROR', 'The clearing house does not answer', { retryAfterMs: 30_000 })
  if (amount === 66) throw new Error('connect ECONNREFUSED postgres://bank:s3cr3t-canary@db.internal/ledger')
  balances.set(from, source - amount).set(to, target + amount)
  return { from: source - amount, to: target + amount }
})

function balanceOf(account: string): number {
  const balance = balances.get(account)
  if (balance === undefined) throw new NoAccount(`There is no account ${account}`)
  return balance
}
