/**
 * A handler that answers by the type of each field, for a server that asks in the middle of its work. Served by
 * itself it asks whoever calls it; run as a program it is its own client:
 *
 *     npx fastmcp run examples/patterns/l1-elicitation-handler.ts
 *     npx jiti examples/patterns/l1-elicitation-handler.ts
 */
import { pathToFileURL } from 'node:url'
import { FastMCP } from '@fastmcp/ts'
import { connect, type ElicitHandler, type FormField, type FormValue } from '@fastmcp/ts/client'
import { z } from 'zod'

export const mcp = new FastMCP({ name: 'workshop', version: '1.0.0' })

const Order = z.object({
  name: z.string().min(2),
  copies: z.int().min(1).max(9),
  gift: z.boolean(),
  paper: z.enum(['plain', 'glossy']),
  extras: z.array(z.enum(['frame', 'stand', 'card'])),
  by: z.iso.date().optional(),
})

mcp.tool('order_print', { description: 'Asks for what it needs, then orders' }, async (_, ctx) => {
  const answer = await ctx.elicit('What shall be printed?', Order)
  return answer.action === 'accept' ? answer.content : `Nothing ordered: ${answer.action}`
})

/** What stands for a person here: a value for each type of field. */
function valueOfType(field: FormField): FormValue {
  switch (field.type) {
    case 'string':
      return field.format === 'email' ? 'ada@example.com' : 'Ada'
    case 'number':
    case 'integer':
      return field.min ?? 0
    case 'boolean':
      return false
    case 'date':
      return field.format === 'date' ? '2030-05-17' : '2030-05-17T12:00:00Z'
    case 'enum':
      return field.choices[0]?.value ?? ''
    case 'multi-enum':
      return field.choices.slice(0, field.min ?? 1).map(({ value }) => value)
  }
}

/** Fills in what is required and leaves the rest; goes nowhere that it is sent. */
export const byType: ElicitHandler = (_message, form) => {
  if (form.mode === 'url') return { action: 'decline' }
  const required = form.fields.filter((field) => field.required)
  return Object.fromEntries(required.map((field) => [field.name, field.default ?? valueOfType(field)]))
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const client = await connect(mcp, { onElicit: byType })
  console.log((await client.callTool('order_print')).data)
  await client.close()
}
