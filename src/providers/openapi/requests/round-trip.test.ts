import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { BODIES, type TriedBody } from '../../../../tests/kit/body-samples.ts'
import { writerOf } from '../../../../tests/kit/openapi-writer.ts'
import { type ParsingServer, startParsingServer } from '../../../../tests/kit/parsing-server.ts'
import { PARAMETERS } from '../../../../tests/kit/request-samples.ts'

/** Values that are written, sent, read by parsers of others, and compared; see `scripts/long.mjs` for more. */
const CASES = Number(process.env.ROUND_TRIP_CASES ?? 10_000)
const TIMEOUT_MS = 30_000 + CASES

const inPath = PARAMETERS.filter(({ parameter }) => parameter.in === 'path').map(({ parameter }) => parameter.name)
/** A letter stands before each, so that a label is no segment of dots. */
const PATH = inPath.map((name) => `/-{${name}}`).join('')
const ROUTE = inPath.map((name) => `/:${name}`).join('')

/** One value of each parameter. */
const values = fc.tuple(...PARAMETERS.map(({ samples }) => samples))

function runsFor({ cases }: TriedBody): number {
  return Math.ceil(CASES / Object.keys(BODIES).length / (PARAMETERS.length + cases))
}

describe('what is written, sent, and read by the parsers of others', () => {
  let server: ParsingServer
  let compared = 0

  beforeAll(async () => {
    server = await startParsingServer(ROUTE, PARAMETERS)
  })
  afterAll(() => server[Symbol.asyncDispose]())

  it.each(Object.entries(BODIES))(
    'is the same, for every style of parameters and %s',
    async (_, tried) => {
      const parameters = PARAMETERS.map(({ parameter }) => parameter)
      const { body, properties } = tried
      const write = writerOf({ method: 'POST', path: PATH, base: server.url, parameters, body, properties })
      const same = fc.asyncProperty(values, tried.samples, async (samples, { args, read }) => {
        const named = samples.map(([sent], index) => [parameters[index]?.name, sent])
        const draft = write({ ...Object.fromEntries(named), ...args })
        const response = await fetch(draft.url, { method: 'POST', headers: draft.headers, body: draft.body ?? null })
        const text = await response.text()
        if (!response.ok) throw new Error(text)
        const expected = Object.fromEntries(samples.map(([, value], index) => [parameters[index]?.name, value]))
        expect(JSON.parse(text)).toEqual({ parameters: expected, body: read })
        compared += samples.length + tried.cases
      })
      await fc.assert(same, { numRuns: runsFor(tried) })
    },
    TIMEOUT_MS,
  )

  it(`was tried with at least ${CASES} values`, () => {
    expect(compared).toBeGreaterThanOrEqual(CASES)
  })
})
