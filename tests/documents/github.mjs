// Imports GitHub's document in a process of its own and says what it took, as JSON on standard output.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { connect } from '../../dist/client/index.js'
import { FastMCP } from '../../dist/index.js'
import { openapi } from '../../dist/providers/openapi/index.js'

const require = createRequire(import.meta.url)
const { Ajv2020 } = require('ajv/dist/2020.js')
const NOBODY = { auth: undefined, sessionId: undefined }

const text = readFileSync(require.resolve('@octokit/openapi/generated/api.github.com.json'), 'utf8')
const began = performance.now()
const provider = openapi(JSON.parse(text), { baseUrl: 'https://api.github.com' })
const mcp = new FastMCP({ name: 'github', version: '1.0.0', onError: () => undefined })
mcp.mount(provider)
const report = await provider.report()
const importMs = performance.now() - began

const pages = []
const client = await connect(mcp, { era: 'stateless' })
let cursor
do {
  const asked = performance.now()
  const page = await client.request('tools/list', cursor === undefined ? {} : { cursor })
  pages.push(performance.now() - asked)
  cursor = page.nextCursor
} while (cursor !== undefined)
const memoryMiB = process.resourceUsage().maxRSS / 1024

const tools = await provider.list('tool', NOBODY)
const broken = []
for (const { definition } of tools) {
  try {
    // One compiler for each, so that what it keeps of one goes with it.
    new Ajv2020({ strict: false, validateFormats: false }).compile(definition.inputSchema)
  } catch (problem) {
    broken.push(`${definition.name}: ${problem.message}`)
  }
}
await client.close()
await mcp.close()
const names = tools.map(({ definition }) => definition.name)
console.log(
  JSON.stringify({
    importMs,
    firstPageMs: pages[0],
    pages: pages.length,
    memoryMiB,
    names,
    skipped: report.skipped,
    broken,
    bytes: Buffer.byteLength(JSON.stringify(tools.map(({ definition }) => definition))),
  }),
)
