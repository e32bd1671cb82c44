// #region described

import { FastMCP } from '@fastmcp/ts'
import { openapi } from '@fastmcp/ts/openapi'
import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi'

// #endregion

import { fromOpenAPI } from '@fastmcp/ts/openapi'
import { Hono } from 'hono'

// #region described
const api = new OpenAPIHono()

const getPet = createRoute({
  method: 'get',
  path: '/pets/{id}',
  operationId: 'get_pet',
  summary: 'A pet by its number',
  request: { params: z.object({ id: z.coerce.number() }) },
  responses: {
    200: { description: 'The pet', content: { 'application/json': { schema: z.object({ name: z.string() }) } } },
  },
})
api.openapi(getPet, (c) => c.json({ name: `Pet ${c.req.valid('param').id}` }))

export const mcp = new FastMCP({ name: 'pets', version: '1.0.0' })
mcp.mount(openapi(api)) // the tool get_pet, which calls the app in this process
// #endregion

// #region one-app
api.all('/mcp', (c) => mcp.fetch(c.req.raw)) // the API and its MCP server, side by side

// #endregion
export { api }

// #region plain
const notes = new Hono()
notes.use('/admin/*', async (c) => c.text('Not for you', 403))
notes.get('/notes/:id{[0-9]+}', (c) => c.json({ id: c.req.param('id'), lang: c.req.query('lang') ?? 'en' }))
notes.post('/notes', async (c) => c.json({ saved: await c.req.json() }))
notes.get('/admin/users', (c) => c.json([]))

export const notebook: FastMCP = fromOpenAPI(notes, {
  server: { name: 'notebook', version: '1.0.0' },
  routeMaps: [
    { pattern: '^/admin/', type: 'exclude' },
    { methods: ['GET'], type: 'resourceTemplate' },
  ],
})
// #endregion

/** What a bundler would take for a Worker. */
const worker = {
  fetch: (request: Request): Response =>
    new URL(request.url).pathname === '/openapi.json'
      ? Response.json({
          openapi: '3.1.0',
          info: { title: 'Clock', version: '1' },
          paths: { '/now': { get: { operationId: 'now', responses: { 200: { description: 'The time' } } } } },
        })
      : new Response('noon'),
}

// #region any
export const clock: FastMCP = fromOpenAPI(worker, {
  document: '/openapi.json', // may be left out: the usual places are asked
  server: { name: 'clock', version: '1.0.0' },
})
// #endregion
