import { createMemoryStorage, FastMCP } from '@fastmcp/ts'
import { z } from 'zod'

const key = process.env.STATE_KEY ?? 'only an example, of 32 bytes or more'
const storage = createMemoryStorage()

// #region keys
export const mcp = new FastMCP({
  name: 'shop',
  version: '1.0.0',
  requestState: { keys: [key], ttlMs: 600_000 },
  storage,
})
// #endregion

mcp.tool('name_me', { description: 'Asks for a name' }, async (_, ctx) => {
  const answer = await ctx.elicit('Your name?', z.object({ name: z.string() }))
  return answer.action === 'accept' ? answer.content.name : 'nobody'
})
