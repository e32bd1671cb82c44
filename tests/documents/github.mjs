// Imports GitHub's document in a process of its own and says what it took, as JSON on standard output. With --compile an
// independent judge compiles every schema, too.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { FastMCP } from '../../dist/index.js'
import { openapi } from '../../dist/providers/openapi/index.js'

const require = createRequire(import.meta.url)
const NOBODY = { auth: undefined, sessionId: undefined }
const VERSION = '2026-07-28'
const META = {
  'io.modelcontextprotocol/protocolVersion': VERSION,
  'io.modelcontextprotocol/clientInfo': { name: 'judge', version: '1.0.0' },
  'io.modelcontextprotocol/clientCapabilities': {},
}

/** Asks for a page of the tools; gives it with the milliseconds from the request to the last byte of the answer. */
async function page(mcp, cursor) {
  const params = { ...(cursor !== undefined && { cursor }), _meta: META }
  const request = new Request('http://localhost/mcp', {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      'mcp-protocol-version': VERSION,
      'mcp-method': 'tools/list',
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list', params }),
  })
  const began = performance.now()
  const response = await mcp.fetch(request)
  const bytes = await response.arrayBuffer()
  const ms = performance.now() - began
  return { ms, ...JSON.parse(new TextDecoder().decode(bytes)).result }
}

// A process in which lists of several pages have been asked for before, as in any that is at work.
for (let i = 0; i < 20; i++) {
  const other = new FastMCP({ name: 'other', version: '1.0.0', pageSize: 50 })
  for (let n = 0; n < 100; n++) other.tool(`tool_${i}_${n}`, { description: 'A' }, () => 'a')
  await page(other)
}

const document = JSON.parse(readFileSync(require.resolve('@octokit/openapi/generated/api.github.com.json'), 'utf8'))
const mcp = new FastMCP({ name: 'github', version: '1.0.0' })
const began = performance.now()
const provider = openapi(document, { baseUrl: 'https://api.github.com', onReport: () => undefined })
mcp.mount(provider)
const importMs = performance.now() - began
const first = await page(mcp)
const memoryMiB = process.resourceUsage().maxRSS / 1024

let listed = first.tools.length
for (let cursor = first.nextCursor; cursor !== undefined; ) {
  const next = await page(mcp, cursor)
  listed += next.tools.length
  cursor = next.nextCursor
}
const again = await page(mcp)

const tools = await provider.list('tool', NOBODY)
const problems = []
if (listed !== tools.length) problems.push(`${listed} tools on the pages, and ${tools.length} in all`)
if (new Set(tools.map(({ id }) => id)).size !== tools.length) problems.push('two tools have one name')
for (const { id } of tools) if (!/^[A-Za-z0-9_.-]{1,64}$/.test(id)) problems.push(`the name ${id} is none`)
if (process.argv.includes('--compile')) {
  const { Ajv2020 } = require('ajv/dist/2020.js')
  for (const { id, definition } of tools) {
    for (const schema of [definition.inputSchema, definition.outputSchema ?? true]) {
      try {
        // A compiler for each: what it keeps of one goes with it.
        new Ajv2020({ strict: false, validateFormats: false }).compile(schema)
      } catch (problem) {
        problems.push(`${id}: ${problem.message}`)
      }
    }
  }
}
const report = await provider.report()
console.log(
  JSON.stringify({
    operations: report.taken.length + report.skipped.length,
    tools: tools.length,
    importMs,
    firstPageMs: first.ms,
    nextPageMs: again.ms,
    memoryMiB,
    problems,
  }),
)
await mcp.close()
