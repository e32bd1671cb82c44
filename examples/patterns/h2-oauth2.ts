/**
 * APIs behind OAuth 2. Tokens are asked for when they are needed, once for all who wait, and renewed ahead of their end; a
 * refresh token that is rotated is kept in a file, so that the next start goes on with it.
 *
 *     CLIENT_ID=… CLIENT_SECRET=… REFRESH_TOKEN=… npx fastmcp run examples/patterns/h2-oauth2.ts
 */
import { env, FastMCP } from '@fastmcp/ts'
import { createSqliteStorage } from '@fastmcp/ts/storage/sqlite'
import { oauth2, upstream } from '@fastmcp/ts/upstream'
import { z } from 'zod'

const settings = env(
  z.object({
    CLIENT_ID: z.string(),
    CLIENT_SECRET: z.string(),
    REFRESH_TOKEN: z.string().describe('What somebody who signed in was given'),
    TOKEN_URL: z.url().default('https://login.example.com/token'),
    API_URL: z.url().default('https://api.example.com'),
    TOKEN_FILE: z.string().default('./data/tokens.db'),
  }),
)

// #region client
const login = { tokenUrl: settings.TOKEN_URL, clientId: settings.CLIENT_ID, clientSecret: settings.CLIENT_SECRET }

/** As ourselves. */
const catalogue = upstream({
  name: 'The catalogue',
  baseUrl: `${settings.API_URL}/catalogue`,
  auth: oauth2({ ...login, grant: 'client_credentials', scope: 'catalogue.read' }),
})
// #endregion

// #region refresh
/** As somebody who signed in. */
const calendar = upstream({
  name: 'The calendar',
  baseUrl: `${settings.API_URL}/calendar`,
  auth: oauth2({
    ...login,
    grant: 'refresh_token',
    refreshToken: settings.REFRESH_TOKEN,
    storage: createSqliteStorage({ path: settings.TOKEN_FILE }),
  }),
})
// #endregion

export const mcp = new FastMCP({ name: 'office', version: '1.0.0' })
const Items = z.array(z.string())

mcp.tool(
  'search_catalogue',
  { description: 'Finds products', input: z.object({ words: z.string() }), output: Items },
  ({ words }, ctx) => catalogue.get('/products', { query: { q: words }, output: Items, ctx }),
)

mcp.tool('todays_events', { description: 'What is on today', output: Items }, (_, ctx) =>
  calendar.get('/today', { output: Items, ctx }),
)
