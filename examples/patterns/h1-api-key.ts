/**
 * An API with a key. The key comes from the environment and is looked for when the file is loaded: a server without it does
 * not start, and says what is missing. It goes to the API and nowhere else.
 *
 *     GITHUB_TOKEN=… npx fastmcp call examples/patterns/h1-api-key.ts who_am_i
 */
import { env, FastMCP } from '@fastmcp/ts'
import { apiKey, upstream } from '@fastmcp/ts/upstream'
import { z } from 'zod'

// #region settings
export const settings = env(
  z.object({
    GITHUB_TOKEN: z.string().min(8).describe('A personal access token of GitHub'),
    GITHUB_URL: z.url().default('https://api.github.com'),
  }),
)
// #endregion

// #region key
const github = upstream({
  name: 'GitHub',
  baseUrl: settings.GITHUB_URL,
  auth: apiKey({ header: 'authorization', value: `Bearer ${settings.GITHUB_TOKEN}` }),
})
// #endregion

export const mcp = new FastMCP({ name: 'github', version: '1.0.0' })
const User = z.object({ login: z.string(), name: z.string().nullable() })

mcp.tool('who_am_i', { description: 'Whose token this is', output: User }, (_, ctx) =>
  github.get('/user', { output: User, ctx }),
)
