import { fileURLToPath } from 'node:url'
import { run } from '../command.mjs'
import { node22 } from '../install.mjs'

const TIMEOUT_MS = 3 * 60_000

/** The legs of this folder: each is one file of tests with one peer. */
export const PEER_LEGS = ['everything', 'mcp-proxy', 'ai-sdk', 'openai-agents', 'langchain'].map((file) => ({
  id: `peer ${file}`,
  judge: 'peer',
  file,
}))

/** Runs the tests with one peer; some peers need a newer Node than the product. */
export async function peer({ file }) {
  const path = fileURLToPath(new URL(`${file}.peer.mjs`, import.meta.url))
  const { NODE_TEST_CONTEXT: _, ...env } = process.env
  const args = ['--test', '--test-reporter=tap', path]
  const { stdout, stderr, code } = await run(node22(), args, { timeoutMs: TIMEOUT_MS, env })
  const outcomes = outcomesIn(stdout)
  const silent = outcomes.length === 0 || (code !== 0 && outcomes.every(({ complaints }) => complaints.length === 0))
  if (silent) outcomes.push({ scenario: 'it runs', complaints: [`exit ${code}:\n${(stdout + stderr).slice(-2_000)}`] })
  return outcomes
}

/** The tests of a TAP report, each under the names of the groups that it is in. */
export function outcomesIn(tap) {
  const groups = []
  const outcomes = []
  for (const line of tap.split('\n')) {
    const [, indent, name] = /^( *)# Subtest: (.*)$/.exec(line) ?? []
    if (name !== undefined) {
      const depth = indent.length / 4
      // A group is announced before its tests, a test before its own line alone.
      groups.length = depth
      groups[depth] = name
    }
    const [, space, not, title, directive] = /^( *)(not )?ok \d+ - (.*?)(?: # (.*))?$/.exec(line) ?? []
    if (title === undefined) {
      const last = outcomes.at(-1)
      const detail = /^ *(?:error|expected|actual): (.*)$/.exec(line)?.[1]
      if (detail !== undefined && last?.complaints.length) last.complaints.push(detail)
      continue
    }
    const depth = space.length / 4
    const scenario = [...groups.slice(0, depth), title].join(': ')
    const isGroup = outcomes.some((outcome) => outcome.scenario.startsWith(`${scenario}: `))
    if (!isGroup) outcomes.push({ scenario, complaints: not ? ['failed'] : directive ? [directive] : [] })
  }
  return outcomes
}
