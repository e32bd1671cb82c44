// Goes through the doors that need no server and no file, in whatever runtime this runs, and tells what is wrong.
import { FastMCP } from '@fastmcp/ts'
import { connect } from '@fastmcp/ts/client'
import { cache, retry as retryLayer } from '@fastmcp/ts/middleware'
import { fromOpenAPI } from '@fastmcp/ts/openapi'
import { proxy } from '@fastmcp/ts/proxy'
import { retry, ttlCache } from '@fastmcp/ts/resilience'
import { upstream } from '@fastmcp/ts/upstream'
import { z } from 'zod'

const ERAS = ['stateless', 'stateful']

const DOCUMENT = {
  openapi: '3.1.0',
  info: { title: 'Pets', version: '1' },
  servers: [{ url: 'https://api.example.com/v1' }],
  paths: {
    '/pets/{id}': {
      get: {
        operationId: 'getPet',
        parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string', pattern: '^(a|b)+$' } }],
        responses: { 200: { description: 'A pet' } },
      },
    },
  },
}

/** Tells the address that it was asked for. */
const api = async (url) => Response.json({ url: String(url.url ?? url) })

// All of it is made before any request, where some runtimes allow neither chance, nor timers, nor signals.
const child = new FastMCP({ name: 'child', version: '1.0.0' })
child.tool('hello', { description: 'Greets' }, () => 'Hello')
child.tool('ask', { description: 'Asks' }, async (_, ctx) => {
  const answer = await ctx.elicit('Who?', z.object({ name: z.string() }))
  return answer.action === 'accept' ? answer.content.name : answer.action
})
child.resource('greeting://{name}', { description: 'A greeting' }, ({ name }) => `Hello ${name}`)

const mcp = new FastMCP({ name: 'parent', version: '1.0.0' })
mcp.use(retryLayer({ retries: 1 }))
mcp.use('tools/call', cache({ ttl: 60_000, max: 10 }))
mcp.tool('add', { description: 'Adds', input: z.object({ a: z.number(), b: z.number() }) }, ({ a, b }) => a + b)
mcp.tool(
  'raw',
  { description: 'Says', input: { type: 'object', properties: { word: { pattern: '^(x|y)+$' } } } },
  ({ word }) => word,
)
const pets = upstream({ baseUrl: 'https://api.example.com', fetch: api })
mcp.tool('look', { description: 'Calls an API' }, (_, ctx) => pets.get('/looked', { signal: ctx.signal }))
mcp.mount('child', child)
mcp.mount('far', proxy(child))
mcp.mount('pets', fromOpenAPI(DOCUMENT, { fetch: api }))
const memory = ttlCache({ ttl: 1_000, max: 10 })

const SCENARIOS = {
  'a tool': (client) => text(client, 'add', { a: 1, b: 2 }, '3'),
  'a raw schema': (client) => text(client, 'raw', { word: 'xyxy' }, 'xyxy'),
  'a raw schema that does not fit': (client) => failure(client, 'raw', { word: 'a' }, 'must match the pattern'),
  'an upstream': (client) => text(client, 'look', {}, '{"url":"https://api.example.com/looked"}'),
  'a mounted server': (client) => text(client, 'child_hello', {}, 'Hello'),
  'a server that is asked through a proxy': (client) => text(client, 'far_hello', {}, 'Hello'),
  'a question': (client) => text(client, 'child_ask', {}, 'Ada'),
  'a question through a proxy': (client) => text(client, 'far_ask', {}, 'Ada'),
  'an API': (client) => text(client, 'pets_getPet', { id: 'ab' }, '{"url":"https://api.example.com/v1/pets/ab"}'),
  'an API that is asked wrongly': (client) => failure(client, 'pets_getPet', { id: 'c' }, 'must match the pattern'),
  'a resource through a proxy': async (client) =>
    same((await client.readResource('greeting://far/Ada')).text, 'Hello Ada'),
  'a repetition': async () => same(await retry(({ attempt }) => attempt, { retries: 1 }), 1),
  'a memory': async () => same((await memory.getOrLoad('key', async () => 7)).value, 7),
}

/** One outcome for each scenario and era, as judges tell them. */
export async function doors() {
  const outcomes = []
  for (const era of ERAS) {
    const client = await connect(mcp, { era, onElicit: () => ({ name: 'Ada' }) })
    for (const [scenario, run] of Object.entries(SCENARIOS)) {
      const wrong = await run(client).catch((problem) => String(problem?.stack ?? problem))
      outcomes.push({ scenario: `${scenario}, ${era}`, complaints: wrong === undefined ? [] : [wrong] })
    }
    await client.close()
  }
  return outcomes
}

async function text(client, tool, given, wanted) {
  return same((await client.callTool(tool, given)).text, wanted)
}

async function failure(client, tool, given, words) {
  const told = await client.callTool(tool, given).then(
    () => 'it succeeded',
    ({ message }) => message,
  )
  return told.includes(words) ? undefined : `${told}\nis not what was expected: ${words}`
}

function same(given, wanted) {
  return given === wanted ? undefined : `${given}\nis not what was expected: ${wanted}`
}
