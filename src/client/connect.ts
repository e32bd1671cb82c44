import { Client as OfficialClient, type VersionNegotiationMode } from '@modelcontextprotocol/client'
import { Client } from './client.ts'
import { ClientError } from './errors.ts'
import type { ConnectOptions } from './options.ts'
import { outputCheck } from './output-check.ts'
import { dialTo, type Line, type Target } from './target.ts'
import { toClientError } from './translate.ts'

/** What a client calls itself by default; a test keeps the version that of the package. */
const NAME = 'fastmcp-ts'
const VERSION = '0.1.0'

const CONNECT_MS = 10_000
const MOST_PAGES = 64

type EraChoice = NonNullable<ConnectOptions['era']>

/**
 * Connects to an MCP server: at an http(s) address, behind a command line, in this process, or
 * named in a config file. Ask for it with `await using`, or close it: a command runs until then.
 *
 * @example
 * await using client = await connect('https://example.com/mcp', { headers: { authorization: `Bearer ${token}` } })
 * for (const tool of await client.tools()) console.log(tool.name, tool.description)
 *
 * @example
 * await using client = await connect({ command: 'node', args: ['server.js'], env: { API_KEY: key } })
 * const { data } = await client.callTool<number>('add', { a: 1, b: 2 })
 */
export async function connect(target: Target, options: ConnectOptions = {}): Promise<Client> {
  const { era = 'auto' } = options
  const dial = dialTo(target, options)
  const line = await dial()
  try {
    return await meet(line, era, options)
  } catch (problem) {
    if (options.signal?.aborted) throw options.signal.reason
    // Some older servers leave at any message before their handshake, so the question which era
    // they speak ends them. They get a second life and the handshake at once.
    if (era === 'auto' && line.ended !== undefined) return again(await dial(), options)
    throw told(problem, line)
  }
}

async function again(line: Line, options: ConnectOptions): Promise<Client> {
  try {
    return await meet(line, 'stateful', options)
  } catch (problem) {
    throw told(problem, line)
  }
}

/** Agrees with the server on an era; closes the line when that fails or takes too long. */
async function meet(line: Line, era: EraChoice, options: ConnectOptions): Promise<Client> {
  const { connectTimeout = CONNECT_MS, signal, name = NAME, version = VERSION } = options
  signal?.throwIfAborted()
  const official = new OfficialClient(
    { name, version },
    {
      versionNegotiation: { mode: MODES[era], probe: { timeoutMs: Math.ceil(connectTimeout / 2) } },
      // No revision to fall back to, which leaves the stateless era alone.
      ...(era === 'stateless' && { supportedProtocolVersions: [] }),
      jsonSchemaValidator: outputCheck,
      listMaxPages: MOST_PAGES,
    },
  )
  const client = new Client(official, options)
  await within(official.connect(line, { timeout: connectTimeout }), line, { signal, timeout: connectTimeout })
  return client
}

const MODES: Readonly<Record<EraChoice, VersionNegotiationMode>> = {
  auto: 'auto',
  stateless: 'auto',
  stateful: 'legacy',
}

/** The official client cannot be called back while it asks for the era; closing its line can. */
async function within(
  connecting: Promise<void>,
  line: Line,
  { signal, timeout }: { readonly signal: AbortSignal | undefined; readonly timeout: number },
): Promise<void> {
  let giveUp: (problem: unknown) => void = () => undefined
  const givenUp = new Promise<never>((_, reject) => {
    giveUp = reject
  })
  const late = new ClientError('TIMEOUT', `The server did not answer within ${timeout} ms: raise connectTimeout`)
  const timer = setTimeout(() => giveUp(late), timeout)
  const onAbort = (): void => giveUp(signal?.reason)
  signal?.addEventListener('abort', onAbort)
  try {
    await Promise.race([connecting, givenUp])
  } catch (problem) {
    connecting.catch(() => undefined)
    await line.close().catch(() => undefined)
    throw problem
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', onAbort)
  }
}

/** What to tell the caller: how the server's process ended says more than that it did. */
function told(problem: unknown, line: Line): Error {
  const { ended } = line
  if (ended !== undefined) return new ClientError('CONNECT_FAILED', `${ended}`, { cause: problem })
  return toClientError(problem)
}
