/**
 * A batch that tells how far it is. Report as often as you like: at most 20 reports a second leave, and
 * the last one always does. Phases report parts of the whole.
 *
 *     npx fastmcp run examples/patterns/g1-batch-with-progress.ts
 */
import { setImmediate as turn } from 'node:timers/promises'
import { FastMCP } from '@fastmcp/ts'
import { z } from 'zod'

export const mcp = new FastMCP({ name: 'batch', version: '1.0.0' })
const input = z.object({ items: z.int().min(1).max(100_000) })

mcp.tool('import_items', { description: 'Imports items one by one', input }, async ({ items }, ctx) => {
  for (let done = 1; done <= items; done++) {
    if (done % 100 === 0) await turn()
    ctx.progress(done, items, `Imported ${done} of ${items}`)
  }
  return `Imported ${items} items`
})

mcp.tool('sync_items', { description: 'Downloads, then checks and saves', input }, async ({ items }, ctx) => {
  const download = ctx.phase(0, 0.5)
  const save = ctx.phase(0.5, 1)
  for (let done = 1; done <= items; done++) download.progress(done, items, 'Downloading')
  await turn()
  for (const [step, part] of [save.phase(0, 0.2), save.phase(0.2, 1)].entries()) {
    for (let done = 1; done <= items; done++) part.progress(done, items, step === 0 ? 'Checking' : 'Saving')
  }
  return `Synced ${items} items`
})
