/**
 * A client of an API, written by hand. It keeps its connections open from call to call, so it is opened with the
 * server, shared by all calls, and closed with the server.
 *
 *     npx fastmcp call examples/patterns/a1-api-client-lifespan.ts work_title id=OL45804W
 */
import { once } from 'node:events'
import http from 'node:http'
import https from 'node:https'
import { json } from 'node:stream/consumers'
import { FastMCP, ToolError } from '@fastmcp/ts'
import { z } from 'zod'

// #region client
class Library {
  readonly #baseUrl: string
  readonly #web: typeof http | typeof https
  readonly #agent: http.Agent

  constructor(baseUrl: string) {
    this.#baseUrl = baseUrl
    this.#web = baseUrl.startsWith('https:') ? https : http
    this.#agent = new this.#web.Agent({ keepAlive: true, maxSockets: 4 })
  }

  async work(id: string, signal: AbortSignal): Promise<unknown> {
    const request = this.#web.get(`${this.#baseUrl}/works/${id}.json`, { agent: this.#agent, signal })
    const [response] = await once(request, 'response')
    if (response.statusCode === 200) return json(response)
    response.resume()
    throw new ToolError('API_ERROR', `The library answered ${response.statusCode}`)
  }

  close(): void {
    this.#agent.destroy()
  }
}
// #endregion

const Work = z.object({ title: z.string() })

export function createServer(baseUrl = 'https://openlibrary.org') {
  // #region server
  const mcp = new FastMCP({
    name: 'library',
    version: '1.0.0',
    lifespan: async () => {
      const library = new Library(baseUrl)
      return { library, [Symbol.asyncDispose]: async () => library.close() }
    },
  })

  mcp.tool(
    'work_title',
    { description: 'The title of a work', input: z.object({ id: z.string().regex(/^OL\d+W$/) }) },
    async ({ id }, ctx) => Work.parse(await ctx.app.library.work(id, ctx.signal)).title,
  )
  // #endregion
  return mcp
}

export const mcp = createServer()
