/**
 * A model that answers with data: told the schema, checked against it, and asked once more if it does not fit.
 *
 *     npx fastmcp run examples/patterns/m2-typed-answer.ts
 */
import { FastMCP } from '@fastmcp/ts'
import { z } from 'zod'

export const mcp = new FastMCP({ name: 'reviews', version: '1.0.0' })

const Opinion = z.object({
  mood: z.enum(['happy', 'neutral', 'angry']),
  stars: z.int().min(1).max(5),
  topics: z.array(z.string()).max(3),
})

mcp.tool(
  'read_review',
  { description: 'What a review says, as data', input: z.object({ review: z.string() }), output: Opinion },
  async ({ review }, ctx) => {
    const { data } = await ctx.sample({
      systemPrompt: 'You read reviews of restaurants.',
      messages: review,
      temperature: 0,
      output: Opinion,
    })
    return data
  },
)
