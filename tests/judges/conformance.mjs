import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { run } from './command.mjs'
import { CONFORMANCE, node22 } from './install.mjs'
import { complaints } from './verdict.mjs'

const RESULTS = fileURLToPath(new URL('.cache/', import.meta.url))
const TIMEOUT_MS = 5 * 60_000

/** Runs one leg of the official suite and judges every scenario of it by the checks that it wrote. */
export async function conformance(leg, { url }) {
  const folder = `${RESULTS}${leg.id.replaceAll(' ', '-')}`
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  const scenarios = await selected(leg)
  const args = [CONFORMANCE, 'server', '--url', url, ...leg.select, '-o', folder]
  const { stdout, stderr } = await run(node22(), args, { timeoutMs: TIMEOUT_MS })
  writeFileSync(`${folder}/output.txt`, stdout + stderr)
  return scenarios.map((scenario) => ({
    scenario,
    complaints: complaints(checksOf(scenario, folder), { maySkip: leg.skips?.includes(scenario) ?? false }),
  }))
}

/** The server scenarios that the suite says the leg has, so that one it does not run is missed. */
async function selected(leg) {
  const which = leg.select.filter((word) => word !== '--suite' && word !== 'all')
  const { stdout } = await run(node22(), [CONFORMANCE, 'list', '--server', ...which], { timeoutMs: 30_000 })
  const [, servers = '', rest = ''] = /Server scenarios[^\n]*\n([\s\S]*?)(?:\n\n|$)([\s\S]*)/.exec(stdout) ?? []
  const listed = [...servers.matchAll(/^ *- (\S+)/gm)].map(([, name]) => name)
  const unscored = [...rest.matchAll(/^ *- (\S+) \[server\]/gm)].map(([, name]) => name)
  if (listed.length === 0) throw new Error(`No scenario for ${leg.id}:\n${stdout}`)
  return [...listed, ...unscored]
}

// A scenario's folder is its name between a prefix and a time stamp.
function checksOf(scenario, folder) {
  const pattern = new RegExp(`^server-${scenario}-\\d{4}-\\d\\d-\\d\\dT[\\dZ-]+$`)
  const name = readdirSync(folder).find((one) => pattern.test(one))
  const file = `${folder}/${name}/checks.json`
  return name !== undefined && existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined
}
