/**
 * Many items, ten at a time: each has its own outcome, in order, and the client sees how far the batch is.
 *
 *     npx fastmcp call examples/patterns/p1-parallel-batch.ts load_users ids:='[1, 2, 3, 404]'
 */
import { FastMCP } from '@fastmcp/ts'
import { mapConcurrent } from '@fastmcp/ts/resilience'
import { UpstreamError, type UpstreamOptions, upstream } from '@fastmcp/ts/upstream'
import { z } from 'zod'

const JSONPLACEHOLDER = { name: 'JSONPlaceholder', baseUrl: 'https://jsonplaceholder.typicode.com' }

const input = z.object({ ids: z.array(z.int()).max(1_000) })
const User = z.object({ name: z.string() })

export function createServer(options: UpstreamOptions = JSONPLACEHOLDER): FastMCP {
  const api = upstream(options)
  const mcp = new FastMCP({ name: 'users', version: '1.0.0' })

  mcp.tool('load_users', { description: 'The names of users', input }, async ({ ids }, ctx) => {
    // #region batch
    const load = (id: number, signal: AbortSignal) =>
      api.get('/users/{id}', { params: { id }, output: User, ctx, signal })
    const outcomes = await mapConcurrent(ids, (id, { signal }) => load(id, signal), {
      concurrency: 10,
      signal: ctx.signal,
      onProgress: (done, total) => ctx.progress(done, total, 'Loading users'),
    })
    return outcomes.map((outcome, at) =>
      outcome.ok ? { id: ids[at], name: outcome.value.name } : { id: ids[at], problem: codeOf(outcome.error) },
    )
    // #endregion
  })
  return mcp
}

function codeOf(problem: unknown): string {
  return problem instanceof UpstreamError ? problem.code : 'API_ERROR'
}

export const mcp = createServer()
