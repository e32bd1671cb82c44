import { type Client, type ConnectOptions, connect } from '../client/index.ts'
import type { FastMCP } from '../index.ts'
import { STAGES, type TransportName } from './stages.ts'

/** Where a test body runs at the moment. */
export interface Facts {
  readonly era: 'stateless' | 'stateful'
  readonly transport: TransportName
}

/** Connects a client to a server, or to what a function makes; both are closed after the test. */
export type Open = (server: FastMCP | (() => FastMCP | Promise<FastMCP>), options?: OpenOptions) => Promise<Client>

/** What a client answers when it is asked. */
type Answering = 'onElicit' | 'elicitModes' | 'onSample' | 'sampleTools' | 'onRoots'

/** What a test may choose about its client; era and transport are those of the run. */
export type OpenOptions = Pick<
  ConnectOptions,
  | Answering
  | 'name'
  | 'version'
  | 'timeout'
  | 'onProgress'
  | 'onLog'
  | 'logLevel'
  | 'extensions'
  | 'cache'
  | 'nameHeaders'
  | 'onError'
>

/** The eras and transports to run in; all of them by default. */
export interface Matrix {
  readonly eras?: readonly Facts['era'][]
  readonly transports?: readonly TransportName[]
}

/** Runs one body of tests in every era and over every transport. */
export type DescribeEras = (name: string, body: (open: Open, facts: Facts) => void, matrix?: Matrix) => void

/** The two functions of a test runner that are needed: vitest, node:test, jest, mocha and bun have them. */
export interface Runner {
  readonly describe: (name: string, body: () => void) => unknown
  readonly afterEach: (work: () => Promise<void>) => unknown
}

const ERAS = ['stateless', 'stateful'] as const
const TRANSPORTS = Object.keys(STAGES) as TransportName[] // Object.keys loses their names

/**
 * Makes `describeEras` for a test runner. For vitest it is there already, in `@fastmcp/ts/testing/vitest`.
 *
 * @example
 * import { afterEach, describe, it } from 'node:test'
 *
 * const describeEras = createDescribeEras({ describe, afterEach })
 *
 * describeEras('add', (open) => {
 *   it('adds', async () => {
 *     const client = await open(mcp)
 *     assert.equal((await client.callTool('add', { a: 1, b: 2 })).data, 3)
 *   })
 * })
 */
export function createDescribeEras({ describe, afterEach }: Runner): DescribeEras {
  return (name, body, { eras = ERAS, transports = TRANSPORTS } = {}) => {
    for (const era of eras) {
      for (const transport of transports) {
        describe(`${name} [${era}, ${transport}]`, () => {
          const opened: (() => Promise<void>)[] = []
          afterEach(() => closeAll(opened))
          body(opener({ era, transport }, opened), { era, transport })
        })
      }
    }
  }
}

function opener({ era, transport }: Facts, opened: (() => Promise<void>)[]): Open {
  return async (source, chosen) => {
    const server = typeof source === 'function' ? await source() : source
    const stage = await STAGES[transport](server)
    opened.push(() => stage.close())
    const client = await connect(stage.target, { ...stage.options, ...chosen, era })
    opened.push(() => client.close())
    return client
  }
}

/** Last opened, first closed: a client goes before its transport. Everything is closed, whatever fails. */
async function closeAll(opened: (() => Promise<void>)[]): Promise<void> {
  const problems: unknown[] = []
  for (let close = opened.pop(); close; close = opened.pop()) {
    await close().catch((problem) => problems.push(problem))
  }
  if (problems.length > 0) throw problems[0]
}
