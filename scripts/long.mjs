// The long forms of tests that `npm test` runs in short: `node scripts/long.mjs <name> [count]`.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))

/** What is run, and the environment variable that says how much of it. */
const LONG = {
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
const { status } = spawnSync(process.execPath, [vitest, 'run', chosen.tests], {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, [chosen.variable]: String(count) },
})
process.exitCode = status ?? 1
