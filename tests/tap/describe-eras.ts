import { PassThrough } from 'node:stream'
import { expect, onTestFinished } from 'vitest'
import { STAGES, type Stage, type TransportName } from '../../src/testing/stages.ts'
import { Tap } from './tap.ts'
import { tapPipe, tappedFetch } from './wires.ts'

/**
 * The door `@fastmcp/ts/testing/vitest` with a tap on every stage that has a wire: after each test, no message may
 * have been sent that the schemas of its revision refuse. Tests get it in place of the door, see `vitest.config.ts`.
 */
export { describeEras } from '../../src/testing/vitest/index.ts'

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

/** A tap that is looked at when the test is over: after its hooks, so clients and servers are closed by then. */
function opened(): Tap {
  const tap = new Tap()
  onTestFinished(() => expect(tap.invalid).toEqual([]))
  return tap
}

// The stages are read-only to users alone.
Object.assign(STAGES, TAPPED)
