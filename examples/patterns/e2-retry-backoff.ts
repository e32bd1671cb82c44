/**
 * Work that is tried again: by hand around a part of a handler, and as a layer around whole tools. The layer leaves alone
 * every tool that does not say that calling it twice does no harm.
 *
 *     npx fastmcp call examples/patterns/e2-retry-backoff.ts exchange_rate currency=USD
 */
import { FastMCP, ToolError } from '@fastmcp/ts'
import { retry as retryTools } from '@fastmcp/ts/middleware'
import { retry } from '@fastmcp/ts/resilience'
import { z } from 'zod'

const input = z.object({ currency: z.string().regex(/^[A-Z]{3}$/) })
const Rates = z.object({ rates: z.record(z.string(), z.number()) })

export function createServer(bank: typeof fetch = fetch): FastMCP {
  const mcp = new FastMCP({ name: 'bank', version: '1.0.0' })

  const rateOf = async (currency: string, signal: AbortSignal): Promise<number | undefined> => {
    const response = await bank(`https://api.frankfurter.dev/v1/latest?symbols=${currency}`, { signal })
    if (response.ok) return Rates.parse(await response.json()).rates[currency]
    if (response.status === 404) throw new ToolError('NOT_FOUND', `There is no currency ${currency}`) // not tried again
    // #region problem
    const seconds = Number(response.headers.get('retry-after') ?? Number.NaN)
    throw new ToolError('API_ERROR', `The bank answered ${response.status}`, { retryAfterMs: seconds * 1000 })
    // #endregion
  }

  mcp.tool('exchange_rate', { description: 'What a euro costs', input }, async ({ currency }, ctx) => {
    // #region retry
    const rate = await retry(({ signal }) => rateOf(currency, signal), {
      retries: 3,
      initialDelay: 500,
      maxDelay: 10_000,
      jitter: false, // leave it on where many callers would come back at once
      signal: ctx.signal,
      onRetry: (_, { attempt, delayMs }) => ctx.log.warning(`Try ${attempt} failed; again in ${delayMs} ms`),
    })
    // #endregion
    return rate
  })

  // #region layer
  mcp.use('tools/call', retryTools({ retries: 2, initialDelay: 500, jitter: false }))
  // #endregion

  const pay = async (): Promise<string> => {
    const response = await bank('https://bank.example/transfers', { method: 'POST' })
    if (!response.ok) throw new ToolError('API_ERROR', `The bank answered ${response.status}`)
    return 'Paid'
  }
  mcp.tool('pay', { description: 'Pays; who knows whether a failed try has paid' }, pay)
  mcp.tool('pay_once', { description: 'Pays, once', annotations: { idempotentHint: true } }, pay)
  return mcp
}

export const mcp = createServer()
