/**
 * Nested objects, bounds, defaults and transforms, in whichever schema library you have: models see what goes in
 * (a field with a default is optional), the handler gets what comes out.
 *
 *     npx fastmcp call examples/patterns/t3-complex-input.ts search query='  mcp ' 'filter={"tags":["ts"]}'
 */
import { FastMCP } from '@fastmcp/ts'
import { toStandardJsonSchema } from '@valibot/to-json-schema'
import { type } from 'arktype'
import * as v from 'valibot'
import { z } from 'zod'

export const mcp = new FastMCP({ name: 'search', version: '1.0.0' })

const withZod = z.object({
  query: z.string().trim().min(1),
  limit: z.int().min(1).max(100).default(10),
  filter: z
    .object({ tags: z.array(z.string()).default([]), sort: z.enum(['relevance', 'date']).default('relevance') })
    .prefault({}),
})
mcp.tool('search', { description: 'Searches', input: withZod }, (found) => found)

const withValibot = v.object({
  query: v.pipe(v.string(), v.trim(), v.minLength(1)),
  limit: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(100)), 10),
})
mcp.tool('search_valibot', { description: 'Searches', input: toStandardJsonSchema(withValibot) }, (found) => found)

const withArktype = type({ query: 'string.trim |> string > 0', limit: '1 <= number.integer <= 100 = 10' })
mcp.tool('search_arktype', { description: 'Searches', input: withArktype }, (found) => found)

const raw = {
  type: 'object',
  properties: {
    query: { type: 'string', minLength: 1 },
    limit: { type: 'integer', minimum: 1, maximum: 100, default: 10 },
  },
  required: ['query'],
} as const
mcp.tool('search_raw', { description: 'Searches', input: raw }, (found) => found)
