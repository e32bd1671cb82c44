#!/usr/bin/env node
// The peers alone: `node tests/judges/peers/run.mjs [text in the id of a leg]`.
import { build } from '../fixture.mjs'
import { install } from '../install.mjs'
import { PEER_LEGS, peer } from './peer.mjs'

install()
build()
const totals = { passed: 0, failed: 0 }
for (const leg of PEER_LEGS.filter(({ id }) => id.includes(process.argv[2] ?? ''))) {
  const outcomes = await peer(leg)
  const failed = outcomes.filter(({ complaints }) => complaints.length > 0)
  for (const { scenario, complaints } of failed) console.log(`${leg.id}: ${scenario}\n  ${complaints.join('\n  ')}`)
  console.log(`${leg.id}: ${outcomes.length - failed.length} passed, ${failed.length} failed`)
  totals.passed += outcomes.length - failed.length
  totals.failed += failed.length
}
console.log(`${totals.passed} passed, ${totals.failed} failed`)
if (totals.failed > 0 || totals.passed === 0) process.exitCode = 1
