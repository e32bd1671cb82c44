/**
 * A tool that calls an API. The upstream knows address, time-out and retries, ends with the call (`ctx`), and checks
 * what comes; what goes wrong is an error that the model can read.
 *
 *     npx fastmcp call examples/patterns/t2-external-api.ts current_weather latitude=52.5 longitude=13.4
 */
import { FastMCP } from '@fastmcp/ts'
import { type UpstreamOptions, upstream } from '@fastmcp/ts/upstream'
import { z } from 'zod'

const Weather = z.object({ current: z.object({ time: z.string(), temperature_2m: z.number() }) })

const OPEN_METEO = { name: 'Open-Meteo', baseUrl: 'https://api.open-meteo.com/v1', timeout: 5_000 }

export function createServer(options: UpstreamOptions = OPEN_METEO): FastMCP {
  const weather = upstream(options)
  const input = z.object({ latitude: z.number().min(-90).max(90), longitude: z.number().min(-180).max(180) })

  return new FastMCP({ name: 'weather', version: '1.0.0' }).tool(
    'current_weather',
    { description: 'The weather at a place, now', input, annotations: { readOnlyHint: true } },
    async (place, ctx) => {
      const query = { ...place, current: 'temperature_2m' }
      const { current } = await weather.get('/forecast', { query, output: Weather, ctx })
      return `${current.temperature_2m} °C at ${current.time}`
    },
  )
}

export const mcp = createServer()
