// What a call through an OpenAPI document adds to a bare `fetch` of the same request, in processor microseconds of this
// process. Both take turns in one process; the API is in another, on the other processor.
//
//   node bench/openapi.mjs             alone, with the rounds
//   npm run bench -- --match openapi   as a part of the benchmark
import { once } from 'node:events'
import { createServer } from 'node:http'
import { fileURLToPath } from 'node:url'
import { pinned } from './server.mjs'

const file = fileURLToPath(import.meta.url)
const [, started, role, ...rest] = process.argv
const dist = (name) => import(new URL(`../dist/${name}`, import.meta.url).href)

/** At most so many microseconds. */
export const MOST = 60
export const WHAT = 'a call through an OpenAPI document, beside a bare `fetch` of the same request'

/** Starts the API and who calls it, each on a processor of its own; gives the microseconds of each round. */
export async function openapiCost({ rounds = 80, calls = 100 } = {}) {
  const api = pinned(1, [file, 'api'], { stdio: ['ignore', 'pipe', 'inherit'] })
  try {
    const [port] = await once(api.stdout, 'data')
    const caller = pinned(0, [file, 'caller', String(port).trim(), rounds, calls].map(String), {
      // As servers are run where speed matters: without anybody who looks on.
      env: { ...process.env, NODE_ENV: 'production' },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let said = ''
    caller.stdout.on('data', (text) => {
      said += text
    })
    const [code] = await once(caller, 'exit')
    if (code !== 0) throw new Error('The calls through an OpenAPI document failed')
    return JSON.parse(said)
  } finally {
    api.kill()
  }
}

/** Answers every request with the same JSON. */
async function serve() {
  const body = JSON.stringify({
    id: 7,
    name: 'Ada',
    tags: ['a', 'b'],
    address: { street: 'Main Street', city: 'Paris' },
  })
  const server = createServer((request, response) => {
    request.resume()
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) })
    response.end(body)
  })
  server.keepAliveTimeout = 60_000
  await once(server.listen(0, '127.0.0.1'), 'listening')
  console.log(server.address().port)
}

const User = {
  type: 'object',
  properties: {
    id: { type: 'integer' },
    name: { type: 'string' },
    tags: { type: 'array', items: { type: 'string' } },
    address: { type: 'object', properties: { street: { type: 'string' }, city: { type: 'string' } } },
  },
  required: ['id', 'name'],
}
const parameter = (name, place, schema) => ({ name, in: place, required: place === 'path', schema })
const DOCUMENT = {
  openapi: '3.1.0',
  info: { title: 'Users', version: '1.0.0' },
  paths: {
    '/users/{id}': {
      get: {
        operationId: 'get_user',
        parameters: [
          parameter('id', 'path', { type: 'integer', minimum: 1 }),
          parameter('fields', 'query', { type: 'array', items: { type: 'string' } }),
        ],
        responses: { 200: { description: 'A user', content: { 'application/json': { schema: User } } } },
      },
    },
  },
}

/** Calls by turns: a round of one, a round of the other. */
async function compare(port, rounds, calls) {
  const [{ FastMCP }, { openapi }, { createTestClient }] = await Promise.all([
    dist('index.js'),
    dist('providers/openapi/index.js'),
    dist('testing/index.js'),
  ])
  const baseUrl = `http://127.0.0.1:${port}`
  const provider = openapi(DOCUMENT, { baseUrl })
  const bare = async () => {
    const response = await fetch(`${baseUrl}/users/7?fields=id&fields=name`, {
      headers: { accept: 'application/json' },
    })
    return (await response.json()).id
  }
  const mcp = new FastMCP({ name: 'bench', version: '1.0.0' })
  mcp.tool('compare', { description: 'Calls by turns', timeout: 30 * 60_000 }, async (_, ctx) => {
    const tool = await provider.find('tool', 'get_user', ctx)
    const ours = async () => (await tool.call({ id: 7, fields: ['id', 'name'] }, ctx)).structuredContent.id
    for (const work of [bare, ours, bare, ours]) await micros(work, 10 * calls)
    const figures = []
    for (let round = 0; round < rounds; round++) {
      const turn = round % 2 === 0 ? [bare, ours] : [ours, bare]
      const spent = new Map()
      for (const work of turn) spent.set(work, await micros(work, calls))
      figures.push({ bare: spent.get(bare), ours: spent.get(ours) })
    }
    return figures
  })
  const client = await createTestClient(mcp, { timeout: 30 * 60_000 })
  const { data } = await client.callTool('compare')
  await client.close()
  console.log(JSON.stringify(data))
}

async function micros(work, calls) {
  const before = process.cpuUsage()
  for (let i = 0; i < calls; i++) if ((await work()) !== 7) throw new Error('A wrong answer')
  const { user, system } = process.cpuUsage(before)
  return (user + system) / calls
}

/** What is added in the quietest tenth of the rounds: whatever else the machine does only ever makes them longer. */
export function addedBy(figures) {
  return quiet(figures, 'ours') - quiet(figures, 'bare')
}

function quiet(figures, which) {
  const sorted = figures.map((one) => one[which]).toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 10)]
}

if (started === file) {
  if (role === 'api') await serve()
  else if (role === 'caller') await compare(...rest.map(Number))
  else {
    const figures = await openapiCost()
    console.log(`bare ${quiet(figures, 'bare').toFixed(1)} µs, ours ${quiet(figures, 'ours').toFixed(1)} µs per call`)
    console.log(`${WHAT}: ${addedBy(figures).toFixed(1)} µs of processor time (at most ${MOST})`)
  }
}
