import { createMemoryStorage, FastMCP, ToolError } from '@fastmcp/ts'
import { z } from 'zod'

// #region kit

import {
  authorize,
  cache,
  errors,
  logging,
  on,
  rateLimit,
  responseLimit,
  retry,
  timeLimit,
  timing,
} from '@fastmcp/ts/middleware'

// #endregion

class NoCity extends Error {}

// #region kit
export const mcp = new FastMCP({ name: 'weather', version: '1.0.0' })

const timings = timing()
const cached = cache({ ttl: 60_000, tags: ({ params }) => [`city:${params.arguments?.city}`] })

mcp.use(logging())
mcp.use(timings)
mcp.use(errors([on(NoCity, ({ message }) => new ToolError('NOT_FOUND', message))]))
mcp.use(authorize((auth, _call, { name }) => !name.startsWith('admin_') || auth?.scopes?.includes('admin') === true))
mcp.use(rateLimit({ limit: 100, per: 60_000, tools: { report_storm: { limit: 5, per: 60_000 } } }))
mcp.use(responseLimit({ maxBytes: 200_000 }))
mcp.use(cached)
mcp.use(timeLimit({ ms: 10_000, tools: { admin_rebuild: 120_000 } }))
mcp.use(retry())
// #endregion

const weather = new Map([
  ['Oslo', 'snow'],
  ['Rome', 'sun'],
])

const City = z.object({ city: z.string() })

// #region marked
mcp.tool('weather', { description: 'The weather', annotations: { readOnlyHint: true }, input: City }, ({ city }) =>
  lookUp(city),
)

mcp.tool('report_storm', { description: 'Reports a storm', input: City }, async ({ city }) => {
  weather.set(city, 'storm')
  await cached.invalidate({ tag: `city:${city}` })
})
// #endregion

mcp.tool('admin_rebuild', { description: 'Rebuilds everything' }, () => 'rebuilt')

/** What was looked up, in order. */
export const looked: string[] = []

function lookUp(city: string): string {
  looked.push(city)
  const found = weather.get(city)
  if (found === undefined) throw new NoCity(`There is no city ${city}`)
  return found
}

mcp.resource('stats://timings', { description: 'How long calls take' }, () => timings.snapshot())

export const shared = new FastMCP({ name: 'shared', version: '1.0.0' })
const storage = createMemoryStorage()

// #region shared
shared.use(rateLimit({ limit: 100, per: 60_000, storage, name: 'weather' }))
shared.use(cache({ ttl: 60_000, shared: { storage, name: 'weather' } }))
// #endregion
shared.tool('weather', { description: 'The weather', annotations: { readOnlyHint: true }, input: City }, ({ city }) =>
  lookUp(city),
)

/** What was logged of these calls. */
export const lines: string[] = []

export const payroll = new FastMCP({ name: 'payroll', version: '1.0.0' })

// #region logging
payroll.use(
  logging({
    sink: (line) => void lines.push(line), // or (_, entry) => logger.info(entry)
    arguments: true,
    redact: { keys: ['salary'], values: [/\bEMP-\d+/] },
  }),
)
// #endregion
const Pay = z.object({ salary: z.number(), note: z.string() })
payroll.tool('pay', { description: 'Pays', input: Pay }, ({ salary }) => `paid ${salary}`)
