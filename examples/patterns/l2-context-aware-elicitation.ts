/**
 * A form that knows what came before: the last order is the default, the shops near the city are the choices. The
 * terminal shows both, so that Enter orders the same again and a number picks a shop.
 *
 *     npx fastmcp run examples/patterns/l2-context-aware-elicitation.ts
 *     npx jiti examples/patterns/l2-context-aware-elicitation.ts
 */
import { pathToFileURL } from 'node:url'
import { FastMCP } from '@fastmcp/ts'
import { connect } from '@fastmcp/ts/client'
import { terminalElicit } from '@fastmcp/ts/client/terminal'
import { z } from 'zod'

export const mcp = new FastMCP({ name: 'coffee', version: '1.0.0' })

const SHOPS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  rome: { r1: 'Via Appia 3', r2: 'Piazza Navona 9' },
  riga: { l1: 'Brivibas 12', l2: 'Elizabetes 20', l3: 'Barona 7' },
}
let last = { drink: 'espresso', cups: 1 }

mcp.tool(
  'order_coffee',
  { description: 'Orders as last time unless told otherwise', input: z.object({ city: z.enum(['rome', 'riga']) }) },
  async ({ city }, ctx) => {
    const shops = Object.entries(SHOPS[city] ?? {}).map(([value, title]) => z.literal(value).meta({ title }))
    const answer = await ctx.elicit(
      `Coffee in ${city}`,
      z.object({
        drink: z.enum(['espresso', 'lungo', 'latte']).default(last.drink as 'espresso'),
        cups: z.int().min(1).max(9).default(last.cups),
        shop: z.union(shops),
      }),
    )
    if (answer.action !== 'accept') return 'No coffee'
    const { drink, cups, shop } = answer.content
    last = { drink, cups }
    return `${cups} ${drink} at ${SHOPS[city]?.[shop]}`
  },
)

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const client = await connect(mcp, { onElicit: terminalElicit() })
  console.log((await client.callTool('order_coffee', { city: 'riga' })).data)
  await client.close()
}
