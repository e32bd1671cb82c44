/**
 * Templates with several parameters, with a path of any length, and with a query. Values that could lead out of a
 * folder, however they are encoded, match none of them.
 *
 *     npx fastmcp call examples/patterns/r4-template-nested.ts 'files://guide/intro.md?lang=de'
 */
import { FastMCP } from '@fastmcp/ts'
import { z } from 'zod'

export const mcp = new FastMCP({ name: 'company', version: '1.0.0' })

const period = z.enum(['hour', 'day', 'week'])

mcp.resource(
  'metrics://{service}/{metric}/{period}',
  { description: 'A metric of a service', input: z.object({ service: z.string(), metric: z.string(), period }) },
  ({ service, metric, period }) => ({ service, metric, period, points: period === 'hour' ? 60 : 24 }),
)

const MEMBERS = new Map([
  ['acme/search', ['Ada', 'Grace']],
  ['acme/billing', []],
])

mcp.resource('org://{org}/team/{team}/members', { description: 'Who is in a team' }, ({ org, team }) =>
  MEMBERS.get(`${org}/${team}`),
)

const FILES = new Map([
  ['en:guide/intro.md', 'Welcome'],
  ['de:guide/intro.md', 'Willkommen'],
])

mcp.resource(
  'files://{path*}{?lang}',
  { description: 'A file of the manual', mimeType: 'text/markdown' },
  ({ path, lang = 'en' }) => FILES.get(`${lang}:${path}`),
)
