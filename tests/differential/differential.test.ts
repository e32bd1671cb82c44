import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { tell } from './answer.ts'
import { askedOf, type Leg } from './asked.ts'
import { type Case, cases } from './cases.ts'
import { DIFFERENCES, type Difference, outcomeOf } from './differences.ts'
import { agree, normalised } from './normalise.ts'
import { RARITIES } from './rarities.ts'
import { createPair, createSessionPair, type Pair } from './registry.ts'

/** For the long form, see `npm run differential`. */
const LONG = Number(process.env.DIFFERENTIAL_RUNS ?? 0)
const RUNS = { fixed: 2_000, random: LONG || 500 }
const SEED = 20_260_728
const LEGS: readonly Leg[] = ['stateless', 'guest', 'session']
const TIMEOUT_MS = 30_000 + LONG * 10

/** Sends generated requests to both; what differs and is not among the known differences fails. */
async function compare(
  leg: Leg,
  pair: Pair,
  { numRuns, seed }: { numRuns: number; seed?: number },
): Promise<Set<Difference>> {
  const used = new Set<Difference>()
  const same = fc.asyncProperty(cases(leg === 'stateless' ? 'stateless' : 'stateful'), async (one) => {
    const [ours, official] = [await tell(pair.ours, one), await tell(pair.official, one)]
    if (agree(ours, official)) return
    const asked = askedOf(leg, one)
    const known = DIFFERENCES.filter(({ explains }) => explains(asked, outcomeOf(ours), outcomeOf(official)))
    for (const difference of known) used.add(difference)
    if (known.length === 0) expect(normalised(ours)).toEqual(normalised(official))
  })
  const examples = RARITIES[leg].map((one): [Case] => [one])
  await fc.assert(same, { numRuns, examples, ...(seed !== undefined && { seed }) })
  return used
}

function open(leg: Leg): Promise<Pair> | Pair {
  return leg === 'session' ? createSessionPair() : createPair()
}

describe('the same registry behind this server and the official one', () => {
  const used = new Set<Difference>()

  it.each(LEGS)(
    'answers the same to what was generated before: %s',
    async (leg) => {
      const pair = await open(leg)
      for (const difference of await compare(leg, pair, { numRuns: RUNS.fixed, seed: SEED })) used.add(difference)
      await pair.close()
    },
    TIMEOUT_MS,
  )

  it.each(LEGS)(
    'answers the same to what nobody has seen: %s',
    async (leg) => {
      const pair = await open(leg)
      for (const difference of await compare(leg, pair, { numRuns: RUNS.random })) used.add(difference)
      await pair.close()
    },
    TIMEOUT_MS,
  )

  it('has no difference on its list that there is not', () => {
    expect(DIFFERENCES.filter((difference) => !used.has(difference)).map(({ ours }) => ours)).toEqual([])
  })
})
