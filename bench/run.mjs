#!/usr/bin/env node
// `npm run bench`: requests per second of this project and its peers, in one run with
// interleaved rounds, so that whatever else the machine does falls on everybody alike.
//
//   --quick            few and short rounds, for a first impression
//   --only a,b         these contenders (and `bare`), see contenders.mjs
//   --match tools/call this match alone, with its variants
//   --dist folder      another build of this project takes part, as `other`
//   --profile id       a CPU profile of one contender's tools/call instead
import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { CONTENDERS, MATCHES } from './contenders.mjs'
import { openLoad } from './generator.mjs'
import { install } from './install.mjs'
import { addedBy, MOST, openapiCost, WHAT } from './openapi.mjs'
import { profile } from './profile.mjs'
import { costs, delays, markdown, summarise, targets } from './report.mjs'
import { processorSeconds, start, stop } from './server.mjs'

const CONNECTIONS = 16
const { values: flags } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string' },
    match: { type: 'string' },
    dist: { type: 'string' },
    profile: { type: 'string' },
  },
})
// Slow servers need seconds until the compiler has seen enough of them, and get them.
const pace = flags.quick
  ? { rounds: 3, ms: 300, warmUp: { ms: 500, answers: 2000, mostMs: 1500 } }
  : { rounds: 15, ms: 500, warmUp: { ms: 1000, answers: 10_000, mostMs: 6000 } }

install()
const otherBuild = flags.dist && pathToFileURL(resolve(flags.dist, 'index.js')).href
execFileSync(process.execPath, [fileURLToPath(new URL('../scripts/build.mjs', import.meta.url)), '--if-needed'])

if (flags.profile) {
  const contender = CONTENDERS.find(({ id }) => id === flags.profile)
  console.log(await profile(contender, { connections: CONNECTIONS, workload: 'call', count: 52 }))
} else {
  await compare()
}

async function compare() {
  const wanted = flags.only?.split(',').concat('bare')
  const matches = MATCHES.filter(
    ({ id }) => flags.match === undefined || id === flags.match || id.startsWith(`${flags.match},`),
  )
  const load = openLoad()
  const rates = {}
  for (const match of matches) rates[match.id] = await play(match, { wanted, load })
  load.close()

  const summary = summarise(matches, CONTENDERS, rates)
  const judged = targets(rates)
  const paid = costs(rates)
  if (flags.match === undefined || flags.match === 'openapi') {
    const measured = addedBy(await openapiCost(flags.quick ? { rounds: 20 } : {}))
    paid.push({ what: WHAT, measured, most: MOST, met: measured <= MOST })
  }
  const added = delays(rates)
  const setting =
    `${new Date().toISOString().slice(0, 10)}, Node ${process.version}, ${cpus().length} x ${cpus()[0]?.model ?? 'unknown'}, ` +
    `${CONNECTIONS} keep-alive connections, median of ${pace.rounds} interleaved rounds of ${pace.ms} ms. Every answer is checked.`
  console.log(markdown({ summary, judged, paid, added, setting }))
  const kept = new URL('.cache/', import.meta.url)
  mkdirSync(kept, { recursive: true })
  writeFileSync(
    new URL('results.json', kept),
    JSON.stringify({ setting, summary, judged, paid, added, rates }, null, 2),
  )
}

/** Starts everybody in a match, proves them right, warms them up, and lets them take turns. */
async function play(match, { wanted, load }) {
  const entered = CONTENDERS.filter(
    ({ id, other }) => match.who.includes(id) && (!wanted || wanted.includes(id)) && (!other || otherBuild),
  ).map((contender) => (contender.other ? { ...contender, env: { BENCH_DIST: otherBuild } } : contender))
  const servers = []
  const rates = Object.fromEntries(entered.map(({ id }) => [id, []]))
  const order = (server, pace) => ({
    ...server.target,
    ...pace,
    workload: match.workload,
    connections: match.connections ?? CONNECTIONS,
  })
  try {
    for (const contender of entered) servers.push(await start(contender, match.count))
    for (const server of servers) await run(server, order(server, pace.warmUp), load)
    for (let round = 0; round < pace.rounds; round++) {
      process.stderr.write(`${match.id}: round ${round + 1} of ${pace.rounds}\n`)
      // Another one begins each round, so that nobody always follows the same neighbour.
      const turn = servers.map((_, i) => servers[(i + round) % servers.length])
      for (const server of turn) {
        rates[server.contender.id].push(await run(server, order(server, { ms: pace.ms }), load))
      }
    }
    return rates
  } finally {
    await Promise.all(servers.map(stop))
  }
}

/** One turn: answers per second of the clock, and processor time of the server per answer. */
async function run(server, order, load) {
  try {
    const before = processorSeconds(server)
    const { answers, seconds, p50 } = await load.run(order)
    const used = before === undefined ? undefined : processorSeconds(server) - before
    return { perSecond: answers / seconds, answers, micros: used && (used / answers) * 1e6, p50 }
  } catch (cause) {
    throw new Error(`${server.contender.id} failed: ${cause.message}`, { cause })
  }
}
