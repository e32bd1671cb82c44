/**
 * Rows go to the client as they are read. It reads them as progress messages if it asks for progress,
 * otherwise as log messages; the whole list is the result. A client that reads slowly slows the cursor
 * down, and one that goes away closes it.
 *
 *     npx fastmcp run examples/patterns/p3-response-streaming.ts
 */
import { FastMCP } from '@fastmcp/ts'
import { z } from 'zod'
import { openCursor } from './orders.ts'

export const mcp = new FastMCP({ name: 'orders', version: '1.0.0' })

mcp.tool(
  'export_orders',
  {
    description: 'All orders from a total on',
    input: z.object({ from: z.number().default(0) }),
    output: z.array(z.object({ id: z.number(), total: z.number() })),
  },
  async function* ({ from }) {
    const cursor = await openCursor()
    try {
      for (let rows = await cursor.read(100); rows.length > 0; rows = await cursor.read(100)) {
        for (const row of rows) if (row.total >= from) yield row
      }
    } finally {
      await cursor.close()
    }
  },
)
