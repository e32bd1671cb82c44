/**
 * An API by its OpenAPI document: what is read is a template, what does something is a tool, what is internal is not there,
 * and a tool of your own stands beside them.
 *
 *     npx fastmcp call examples/patterns/a2-openapi-server.ts create_post title=Hello userId=1
 */
import { FastMCP } from '@fastmcp/ts'
import { openapi } from '@fastmcp/ts/openapi'
import type { Fetch } from '@fastmcp/ts/upstream'
import { z } from 'zod'
import { document } from './posts-document.ts'

export function createServer(fetch?: Fetch): FastMCP {
  const mcp = new FastMCP({ name: 'posts', version: '1.0.0' })

  // #region mount
  mcp.mount(
    openapi(document, {
      routeMaps: [
        { pattern: '^/internal/.*', type: 'exclude' },
        { methods: ['GET'], type: 'resourceTemplate' },
      ],
      fetch,
    }),
  )
  // #endregion

  mcp.tool(
    'word_count',
    { description: 'How many words a text has', input: z.object({ text: z.string() }) },
    ({ text }) => text.split(/\s+/).filter(Boolean).length,
  )
  return mcp
}

export const mcp = createServer()
