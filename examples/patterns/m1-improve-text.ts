/**
 * A text improved by a model: that of the client, or one of the server's own where the client has none to offer.
 *
 *     MODEL_URL=https://models.example.com/v1/chat/completions npx fastmcp run examples/patterns/m1-improve-text.ts
 */
import { FastMCP, type SamplingProvider, ToolError } from '@fastmcp/ts'
import { z } from 'zod'

/** A model at an address that speaks the common form of chats. */
function modelAt(url: string): SamplingProvider {
  return async ({ messages, systemPrompt, temperature, maxTokens }, { signal }) => {
    const said = messages.flatMap(({ role, content }) =>
      [content].flat().map((part) => ({ role, content: part.type === 'text' ? part.text : '' })),
    )
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${process.env.MODEL_KEY}` },
      body: JSON.stringify({
        messages: systemPrompt ? [{ role: 'system', content: systemPrompt }, ...said] : said,
        temperature,
        max_tokens: maxTokens,
      }),
      signal,
    })
    if (!response.ok) throw new ToolError('API_ERROR', `The model answered ${response.status}`)
    const { model, choices } = await response.json()
    return { model, content: { type: 'text', text: choices[0].message.content } }
  }
}

export function createServer(modelUrl = process.env.MODEL_URL): FastMCP {
  const mcp = new FastMCP({ name: 'editor', version: '1.0.0', ...(modelUrl && { sampling: modelAt(modelUrl) }) })
  const input = z.object({ text: z.string().min(1), style: z.enum(['plain', 'formal', 'friendly']).default('plain') })

  mcp.tool('improve_text', { description: 'Improves a text', input }, async ({ text, style }, ctx) => {
    const { text: improved, model } = await ctx.sample({
      systemPrompt: `Improve the text in a ${style} style. Keep its meaning and language. Answer with the text alone.`,
      messages: text,
      temperature: 0.3,
      maxTokens: 500,
    })
    return { improved, model }
  })
  return mcp
}

export const mcp = createServer()
