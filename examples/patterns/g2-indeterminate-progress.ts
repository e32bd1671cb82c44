/**
 * Work whose end nobody knows: progress without a total. A client can show a spinner and the words.
 *
 *     npx fastmcp run examples/patterns/g2-indeterminate-progress.ts
 */
import { FastMCP } from '@fastmcp/ts'
import { z } from 'zod'

export const mcp = new FastMCP({ name: 'crawler', version: '1.0.0' })

const LINKS: Readonly<Record<string, readonly string[]>> = { '/': ['/a', '/b'], '/a': ['/b', '/c'], '/c': ['/'] }

mcp.tool(
  'crawl',
  { description: 'Follows links', input: z.object({ from: z.string().default('/') }) },
  async ({ from }, ctx) => {
    const found = new Set([from])
    // A set may grow while it is walked over.
    for (const page of found) {
      ctx.progress(found.size, undefined, `Reading ${page}`)
      for (const link of LINKS[page] ?? []) found.add(link)
    }
    return [...found]
  },
)
