/**
 * State that many calls change at the same time. A `let` beside the handlers loses what is changed around an `await`,
 * and every replica has its own. `ctx.storage` changes in one step, and is one for all replicas when the server is given
 * a `storage` that they share.
 *
 *     npx fastmcp call examples/patterns/n2-shared-state.ts count counter=visits
 */
import { FastMCP } from '@fastmcp/ts'
import { z } from 'zod'

export const mcp = new FastMCP({ name: 'counters', version: '1.0.0' })

mcp.tool(
  'count',
  { description: 'Adds one to a counter', input: z.object({ counter: z.string().max(100) }) },
  ({ counter }, ctx) => ctx.storage.increment(`counter:${counter}`),
)

const Votes = z.object({ yes: z.int().default(0), no: z.int().default(0) }).prefault({})

mcp.tool(
  'vote',
  { description: 'Votes in a poll', input: z.object({ poll: z.string().max(100), vote: z.enum(['yes', 'no']) }) },
  ({ poll, vote }, ctx) =>
    ctx.storage.update(`poll:${poll}`, (stored) => {
      const votes = Votes.parse(stored)
      return { ...votes, [vote]: votes[vote] + 1 }
    }),
)
