import { FastMCP } from '@fastmcp/ts'

// #region provider
export const mcp = new FastMCP({
  name: 'reviewer',
  version: '1.0.0',
  sampling: async (request, { signal }) => callYourModel(request, signal), // a text, or { content, model, stopReason }
})
// #endregion

mcp.tool('motto', { description: 'A motto' }, async (_, ctx) => (await ctx.sample({ messages: 'A motto' })).text)

/** Stands for a model. */
async function callYourModel({ maxTokens }: { readonly maxTokens: number }, signal: AbortSignal): Promise<string> {
  signal.throwIfAborted()
  return `Think in at most ${maxTokens} tokens`
}
