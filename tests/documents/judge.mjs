// One process that imports documents, one after the other, and says of each what came of it.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { openapi } from '../../dist/providers/openapi/index.js'

const { Ajv2020 } = createRequire(import.meta.url)('ajv/dist/2020.js')
const ajv = new Ajv2020({ strict: false, validateFormats: false })
const isSchema = ajv.getSchema('https://json-schema.org/draft/2020-12/schema')
const NAME = /^[A-Za-z0-9_.-]{1,64}$/
const NOBODY = { auth: undefined, sessionId: undefined }
/** Documents of strangers name hosts of strangers; nobody is called here. */
const OPTIONS = { baseUrl: 'https://api.example.com', limits: { bytes: 64 * 1024 * 1024, operations: 50_000 } }

/** What is wrong with a tool as clients see it; undefined: nothing. */
function problemOf({ name, inputSchema }, names) {
  if (!NAME.test(name)) return `the name ${JSON.stringify(name)} is none`
  if (names.has(name)) return `two tools are named ${name}`
  names.add(name)
  if (inputSchema.type !== 'object') return `the arguments of ${name} are no object`
  if (!isSchema(inputSchema)) return `the schema of ${name} is none: ${ajv.errorsText(isSchema.errors).slice(0, 200)}`
  return undefined
}

async function judge(file) {
  const document = JSON.parse(readFileSync(file, 'utf8'))
  const began = performance.now()
  let provider
  let report
  try {
    provider = openapi(document, OPTIONS)
    report = await provider.report()
  } catch (problem) {
    // A document that cannot be taken at all must say why, in words of ours.
    const isTold = problem?.name === 'FastMCPError' || problem?.name === 'DefinitionError'
    return { refused: String(problem?.message).slice(0, 300), problems: isTold ? [] : [String(problem?.stack)] }
  }
  const tools = await provider.list('tool', NOBODY)
  const ms = performance.now() - began
  // What is judged from here on is no longer the import.
  process.send('imported')
  const names = new Set()
  const problems = tools.flatMap(({ definition }) => problemOf(definition, names) ?? [])
  for (const { method, path, reason } of report.skipped) {
    if (typeof reason !== 'string' || reason.trim() === '')
      problems.push(`${method} ${path} is skipped without a reason`)
  }
  const operations = Object.values(document.paths ?? {}).flatMap((item) =>
    Object.keys(item ?? {}).filter((key) => METHODS.has(key)),
  ).length
  if (tools.length + report.skipped.length < operations) {
    problems.push(`${operations} operations, but ${tools.length} tools and ${report.skipped.length} skipped`)
  }
  return {
    operations,
    tools: tools.length,
    reasons: report.skipped.map(({ reason }) => reason),
    ms,
    memory: process.memoryUsage.rss(),
    problems: problems.slice(0, 5),
  }
}

const METHODS = new Set(['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace'])

process.on('message', async (file) => {
  try {
    process.send(await judge(file))
  } catch (problem) {
    process.send({ problems: [String(problem?.stack ?? problem)] })
  }
})
