import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { run } from './command.mjs'
import { COMMAND } from './fixture.mjs'
import { INSPECTOR, node22 } from './install.mjs'

/** What the inspector's command line asks of the fixture, and what it must print. */
const ASKS = [
  {
    scenario: 'tools/list',
    args: ['--strict'],
    check({ tools }) {
      const names = tools.map((tool) => tool.name)
      for (const name of ['test_simple_text', 'test_error_handling', 'json_schema_2020_12_tool']) {
        assert(names.includes(name), `${name} is not in the list`)
      }
      for (const { description, inputSchema } of tools) assert(description && inputSchema.type === 'object')
    },
  },
  {
    scenario: 'tools/call',
    args: ['--tool-name', 'test_simple_text'],
    check({ content, isError }) {
      assert.deepEqual(content, [{ type: 'text', text: 'This is a simple text response for testing.' }])
      assert.notEqual(isError, true)
    },
  },
  {
    scenario: 'resources/read',
    args: ['--uri', 'test://template/123/data'],
    check({ contents }) {
      assert.equal(contents.length, 1)
      assert.equal(contents[0].uri, 'test://template/123/data')
      assert.match(contents[0].text, /123/)
    },
  },
  {
    scenario: 'prompts/get',
    args: ['--prompt-name', 'test_prompt_with_arguments', '--prompt-args', 'arg1=tide', 'arg2=wind'],
    check({ messages }) {
      assert.equal(messages[0].role, 'user')
      assert.match(messages[0].content.text, /tide[\s\S]*wind/)
    },
  },
]

/** Asks the fixture through the official inspector over one transport in one era. */
export async function inspector(leg, { url }) {
  // Its settings and stored tokens belong to the person at the machine, so it gets a home of its own.
  const home = mkdtempSync(join(tmpdir(), 'inspector-'))
  const env = { ...process.env, HOME: home, USERPROFILE: home }
  try {
    const outcomes = []
    for (const ask of ASKS) outcomes.push(await askOne(ask, { leg, url, env }))
    return outcomes
  } finally {
    rmSync(home, { recursive: true, force: true })
  }
}

async function askOne({ scenario, args, check }, { leg, url, env }) {
  const where = leg.transport === 'http' ? ['--transport', 'http', '--server-url', url] : []
  const what = ['--method', scenario, ...args, '--format', 'json', '--quiet', '--protocol-era', leg.era]
  // The server's command comes first and ends at the first flag of the inspector.
  const target = leg.transport === 'stdio' ? [process.execPath, ...COMMAND] : []
  const { stdout, stderr, code } = await run(node22(), [INSPECTOR, '--cli', ...target, ...where, ...what], {
    timeoutMs: 20_000,
    env,
  })
  return { scenario, complaints: judge({ stdout, stderr, code }, check) }
}

function judge({ stdout, stderr, code }, check) {
  if (code !== 0) return [`exit ${code}: ${(stderr || stdout).trim().slice(0, 600)}`]
  try {
    check(JSON.parse(stdout).result)
    return []
  } catch (cause) {
    return [`${cause.message}\n${stdout.slice(0, 600)}`]
  }
}
