/**
 * An API that allows 100 calls in 10 seconds. One limiter stands in front of it, however many clients call: tools can wait for
 * their turn, or say when to come again.
 *
 *     npx fastmcp call examples/patterns/a3-rate-limited-api.ts exchange_rate currency=USD
 */
import { FastMCP, ToolError } from '@fastmcp/ts'
import { rateLimiter } from '@fastmcp/ts/resilience'
import { type UpstreamOptions, upstream } from '@fastmcp/ts/upstream'
import { z } from 'zod'

const FRANKFURTER = { name: 'Frankfurter', baseUrl: 'https://api.frankfurter.dev/v1' }

const input = z.object({ currency: z.string().regex(/^[A-Z]{3}$/) })
const Rates = z.object({ rates: z.record(z.string(), z.number()) })

export function createServer(options: UpstreamOptions = FRANKFURTER): FastMCP {
  const api = upstream(options)
  const mcp = new FastMCP({ name: 'rates', version: '1.0.0' })

  // #region limiter
  const limiter = rateLimiter({ limit: 100, per: 10_000 })
  // #endregion

  mcp.tool('exchange_rate', { description: 'What a euro costs; may wait', input }, async ({ currency }, ctx) => {
    // #region wait
    await limiter.wait('', { signal: ctx.signal })
    const { rates } = await api.get('/latest', { query: { symbols: currency }, output: Rates, ctx })
    // #endregion
    return rates[currency]
  })

  mcp.tool(
    'exchange_rate_now',
    { description: 'What a euro costs, or when to ask', input },
    async ({ currency }, ctx) => {
      // #region take
      const permit = await limiter.take()
      if (!permit.allowed) {
        const { retryAfterMs } = permit
        throw new ToolError('RATE_LIMITED', `Ask again in ${Math.ceil(retryAfterMs / 1000)} s`, { retryAfterMs })
      }
      // #endregion
      const { rates } = await api.get('/latest', { query: { symbols: currency }, output: Rates, ctx })
      return rates[currency]
    },
  )
  return mcp
}

export const mcp = createServer()
