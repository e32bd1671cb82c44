import { FastMCP } from '@fastmcp/ts'
import { z } from 'zod'

export const mcp = new FastMCP({ name: 'weather', version: '1.0.0' })

// #region forecast
mcp.tool(
  'forecast',
  {
    title: 'Forecast',
    description: 'Forecast for a city',
    input: z.object({ city: z.string().min(1), days: z.int().min(1).max(7).default(3) }),
    output: z.object({ city: z.string(), highs: z.array(z.number()) }),
    annotations: { readOnlyHint: true },
  },
  async ({ city, days }, ctx) => ({ city, highs: await loadHighs({ city, days, signal: ctx.signal }) }),
)
// #endregion

/** Stands for a weather service. */
async function loadHighs({ city, days, signal }: { city: string; days: number; signal: AbortSignal }) {
  signal.throwIfAborted()
  return Array.from({ length: days }, (_, day) => 20 + ((city.length + day) % 5))
}
