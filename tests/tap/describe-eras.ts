import { PassThrough } from 'node:stream'
import { afterEach, expect } from 'vitest'
import { STAGES, type Stage, type TransportName } from '../../src/testing/stages.ts'
import { type Invalid, Tap } from './tap.ts'
import { tapPipe, tappedFetch } from './wires.ts'

/**
 * The door `@fastmcp/ts/testing/vitest` with a tap on every stage that has a wire: after each test, no message may
 * have been sent that the schemas of its revision refuse. Tests get it in place of the door, see `vitest.config.ts`.
 */
export { describeEras } from '../../src/testing/vitest/index.ts'

const taps = new Set<Tap>()

const untapped = { ...STAGES }

const TAPPED: Partial<typeof STAGES> = {
  stdio: async (server) => {
    const tap = opened()
    const [input, output] = [new PassThrough(), new PassThrough()]
    tapPipe(input, 'client', tap)
    tapPipe(output, 'server', tap)
    const running = server.run({ transport: 'stdio', input, output })
    return {
      target: { input: output, output: input },
      close: async () => {
        input.end()
        await running
      },
    }
  },
  http: (server) => withFetch('http', server),
  fetch: (server) => withFetch('fetch', server),
}

async function withFetch(transport: TransportName, server: Parameters<typeof STAGES.http>[0]): Promise<Stage> {
  const stage = await untapped[transport](server)
  return { ...stage, options: { ...stage.options, fetch: tappedFetch(stage.options?.fetch ?? fetch, opened()) } }
}

function opened(): Tap {
  const tap = new Tap()
  taps.add(tap)
  return tap
}

// The stages are read-only to users alone.
Object.assign(STAGES, TAPPED)

// Of a file's hooks those of its suites run first, so clients and servers are closed by now.
afterEach(() => {
  const invalid: readonly Invalid[] = [...taps].flatMap((tap) => tap.invalid)
  taps.clear()
  expect(invalid).toEqual([])
})
