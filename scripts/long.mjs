// The long forms of tests that `npm test` runs in short: `node scripts/long.mjs <name> [count]`.
import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))

/** The tests of rules, which draw other cases each time. */
const withProperties = () =>
  ['src', 'tests']
    .flatMap((folder) => readdirSync(join(root, folder), { recursive: true }).map((path) => join(folder, path)))
    .filter((path) => path.endsWith('.test.ts') && readFileSync(join(root, path), 'utf8').includes("'fast-check'"))

/** What is run, and the environment variable that says how much of it; or how many times, one after the other. */
const LONG = {
  properties: { tests: withProperties, count: 20 },
  isolation: { tests: 'tests/isolation', variable: 'ISOLATION_RESPONSES', count: 1_000_000 },
  differential: { tests: 'tests/differential', variable: 'DIFFERENTIAL_RUNS', count: 100_000 },
  'round-trip': {
    tests: 'src/providers/openapi/requests/round-trip.test.ts',
    variable: 'ROUND_TRIP_CASES',
    count: 500_000,
  },
}

const [name = '', given] = process.argv.slice(2)
const chosen = Object.hasOwn(LONG, name) ? LONG[name] : undefined
const count = given === undefined ? chosen?.count : Number(given)
if (chosen === undefined || !Number.isSafeInteger(count)) {
  console.error(`Say which: node scripts/long.mjs ${Object.keys(LONG).join('|')} [count]`)
  process.exit(2)
}
const vitest = fileURLToPath(new URL('../node_modules/vitest/vitest.mjs', import.meta.url))
const rounds = chosen.variable === undefined ? count : 1
const tests = typeof chosen.tests === 'function' ? chosen.tests() : [chosen.tests]
const { CI: _, ...env } = process.env
if (chosen.variable !== undefined) env[chosen.variable] = String(count)
for (let round = 0; round < rounds && !process.exitCode; round++) {
  const { status } = spawnSync(process.execPath, [vitest, 'run', ...tests], { cwd: root, stdio: 'inherit', env })
  process.exitCode = status ?? 1
}
