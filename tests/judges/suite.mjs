import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { run } from './command.mjs'
import { CONFORMANCE, node22 } from './install.mjs'

const RESULTS = fileURLToPath(new URL('.cache/', import.meta.url))
const TIMEOUT_MS = 5 * 60_000

/** An empty folder for what the suite writes in a leg. */
export function freshFolder(leg) {
  const folder = `${RESULTS}${leg.id.replaceAll(' ', '-')}`
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  return folder
}

/** Runs the official suite; what it prints is kept beside what it writes. */
export async function runSuite(args, folder) {
  const { stdout, stderr, code } = await run(node22(), [CONFORMANCE, ...args, '-o', folder], { timeoutMs: TIMEOUT_MS })
  mkdirSync(folder, { recursive: true })
  writeFileSync(`${folder}/output.txt`, stdout + stderr)
  return { code, said: stdout + stderr }
}

/**
 * The scenarios that the suite says a selection has for `server` or `client`, so that one that it does
 * not run is missed.
 */
export async function selected(side, select) {
  const which = select.filter((word) => word !== '--suite' && word !== 'all')
  const { stdout } = await run(node22(), [CONFORMANCE, 'list', `--${side}`, ...which], { timeoutMs: 30_000 })
  const heading = side === 'server' ? 'Server' : 'Client'
  const listing = new RegExp(`${heading} scenarios[^\\n]*\\n([\\s\\S]*?)(?:\\n\\n|$)([\\s\\S]*)`)
  const [, own = '', rest = ''] = listing.exec(stdout) ?? []
  const listed = [...own.matchAll(/^ *- (\S+)/gm)].map(([, name]) => name)
  const unscored = [...rest.matchAll(/^ *- (\S+) \[(\w+)\]/gm)].flatMap(([, name, of]) => (of === side ? [name] : []))
  if (listed.length === 0) throw new Error(`No ${side} scenario for ${select.join(' ')}:\n${stdout}`)
  return [...listed, ...unscored]
}

/** The checks that a scenario wrote; undefined if it left none. Their folder is its name and a time stamp. */
export function checksOf(scenario, folder) {
  const pattern = new RegExp(`^(server-)?${scenario}-\\d{4}-\\d\\d-\\d\\dT[\\dZ-]+/checks\\.json$`)
  const files = readdirSync(folder, { recursive: true }).map((file) => file.replaceAll('\\', '/'))
  const file = files.find((one) => pattern.test(one))
  return file === undefined ? undefined : JSON.parse(readFileSync(`${folder}/${file}`, 'utf8'))
}
