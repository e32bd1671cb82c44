import { setImmediate as turn } from 'node:timers/promises'
import { FastMCP } from '@fastmcp/ts'
import { z } from 'zod'

export const mcp = new FastMCP({ name: 'orders', version: '1.0.0' })

const Order = z.object({ id: z.int(), total: z.number() })

// #region cursor
mcp.tool('export_orders', { description: 'All orders', output: z.array(Order) }, async function* (_, ctx) {
  const cursor = await db.open('select * from orders', { signal: ctx.signal })
  try {
    for await (const row of cursor) yield row
  } finally {
    await cursor.close()
  }
})
// #endregion

const items = [{ name: 'one' }, { name: 'two' }, { name: 'three' }]

mcp.tool('load_all', { description: 'Loads everything' }, async (_, ctx) => {
  // #region progress
  for (const [i, item] of items.entries()) {
    await load(item, ctx.signal)
    ctx.progress(i + 1, items.length, `Loaded ${item.name}`) // no total: leave it out
  }
  // #endregion
  return 'done'
})

async function load({ name }: { readonly name: string }, signal: AbortSignal): Promise<string> {
  signal.throwIfAborted()
  await turn()
  return name
}

/** Stands for a database, and counts what is open in it. */
export const db = {
  openCursors: 0,
  async open(_query: string, { signal }: { readonly signal: AbortSignal }) {
    db.openCursors++
    return {
      async *[Symbol.asyncIterator](): AsyncGenerator<z.infer<typeof Order>> {
        for (let id = 1; id <= 5; id++) {
          signal.throwIfAborted()
          await turn()
          yield { id, total: id * 10 }
        }
      },
      async close(): Promise<void> {
        db.openCursors--
      },
    }
  },
}
