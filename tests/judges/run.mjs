#!/usr/bin/env node
// `npm run judges`: the official conformance suite and the official inspector against
// examples/everything, the suite against examples/everything-client, and independent peers, judged strictly.
//
//   --only <text>   the legs whose id contains the text
//   --url <url>     judge a server that runs already, over HTTP alone
//   --verbose       print every complaint of an expected failure as well
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { clientConformance } from './client-conformance.mjs'
import { conformance } from './conformance.mjs'
import { build, startFixture, startProxy } from './fixture.mjs'
import { inspector } from './inspector.mjs'
import { install } from './install.mjs'
import { LEGS } from './legs.mjs'
import { PEER_LEGS, peer } from './peers/peer.mjs'
import { doors, RUNTIMES } from './runtimes.mjs'
import { compare } from './verdict.mjs'

const JUDGES = { conformance, doors, client: clientConformance, inspector, peer }
const ALL = [...LEGS, ...PEER_LEGS]
const EXPECTED = JSON.parse(readFileSync(new URL('expected-failures.json', import.meta.url), 'utf8'))

const { values: flags } = parseArgs({
  options: { only: { type: 'string' }, url: { type: 'string' }, verbose: { type: 'boolean', default: false } },
})

/** All that may still be to come. */
const MAY_COME = /^(tasks-.+|auth\/(dpop|dpop-nonce|wif-jwt-bearer))$/
const forbidden = Object.values(EXPECTED)
  .flat()
  .find((scenario) => !MAY_COME.test(scenario))
if (forbidden !== undefined) throw new Error(`expected-failures.json may not name ${forbidden}: make it pass`)

const stranger = Object.keys(EXPECTED).find((id) => !ALL.some((leg) => leg.id === id))
if (stranger !== undefined) throw new Error(`expected-failures.json names a leg that does not exist: ${stranger}`)

const legs = ALL.filter(({ id }) => flags.only === undefined || id.includes(flags.only)).filter(
  ({ transport }) => flags.url === undefined || transport !== 'stdio',
)
install()
if (flags.url === undefined) build()
const fixture = flags.url === undefined ? await startFixture() : { url: flags.url, stop: () => undefined }
const rows = []
try {
  for (const leg of legs) rows.push(await judged(leg))
} finally {
  await fixture.stop()
}
report(rows)

async function judged(leg) {
  process.stderr.write(`${leg.id}\n`)
  const outcomes = await (isApart(leg) ? judgedApart(leg) : JUDGES[leg.judge](leg, fixture))
  const died = fixture.ended?.()
  if (died !== undefined) {
    outcomes.push({ scenario: 'the fixture stays alive', complaints: [`it ended with ${died}:\n${fixture.said()}`] })
  }
  return { leg: leg.id, ...compare(outcomes, EXPECTED[leg.like ?? leg.id] ?? []) }
}

function isApart({ proxied, runtime }) {
  return proxied !== undefined || runtime !== undefined
}

/** The leg against a proxy of the fixture, or against the fixture on another runtime. */
async function judgedApart(leg) {
  const other = await (leg.runtime === undefined ? startProxy(fixture.url, leg.proxied) : RUNTIMES[leg.runtime].start())
  try {
    const outcomes = await JUDGES[leg.judge](leg, other)
    const died = other.ended()
    if (died === undefined) return outcomes
    return [
      ...outcomes,
      { scenario: 'the server stays alive', complaints: [`it ended with ${died}:\n${other.said()}`] },
    ]
  } finally {
    await other.stop()
  }
}

function report(rows) {
  for (const row of rows) {
    const shown = flags.verbose ? [...row.failed, ...row.awaited] : row.failed
    for (const { scenario, complaints } of shown) {
      console.log(`\n${row.leg}: ${scenario}`)
      for (const complaint of complaints) console.log(`  ${complaint.replaceAll('\n', '\n  ')}`)
    }
    for (const scenario of row.stale) {
      console.log(`\n${row.leg}: ${scenario}\n  is listed in expected-failures.json but does not fail: remove it`)
    }
  }
  const width = Math.max(...rows.map(({ leg }) => leg.length))
  console.log(`\n${'leg'.padEnd(width)}  passed  failed  expected to fail`)
  for (const { leg, passed, failed, awaited, stale } of rows) {
    const bad = failed.length + stale.length
    const cells = [String(passed.length).padStart(6), String(bad).padStart(6), String(awaited.length).padStart(16)]
    console.log(`${leg.padEnd(width)}  ${cells.join('  ')}`)
  }
  const total = (count) => rows.reduce((sum, row) => sum + count(row), 0)
  const passed = total((row) => row.passed.length)
  const failed = total((row) => row.failed.length + row.stale.length)
  console.log(`\n${passed} passed, ${failed} failed`)
  if (failed > 0 || passed === 0) process.exitCode = 1
}
