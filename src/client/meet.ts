import {
  type ClientCapabilities,
  Client as OfficialClient,
  type VersionNegotiationMode,
} from '@modelcontextprotocol/client'
import { abilitiesOf } from './asks.ts'
import { assemble, selfOf } from './assemble.ts'
import type { Client } from './client.ts'
import { ClientError } from './errors.ts'
import { gated } from './gate.ts'
import type { ConnectOptions } from './options.ts'
import { outputCheck } from './output-check.ts'
import { ProgressReports } from './progress-reports.ts'
import { partitionOf, ResponseCache } from './response-cache.ts'
import type { Dial, Line } from './target.ts'
import { toClientError } from './translate.ts'

const CONNECT_MS = 10_000
const MOST_PAGES = 64

type EraChoice = NonNullable<ConnectOptions['era']>

/** A way to a server, and what it is called where there are several. */
export interface Appointment {
  readonly dial: Dial
  readonly name?: string
}

/** Connects to one server, in the era of choice. */
export async function meet(appointment: Appointment, options: ConnectOptions): Promise<Client> {
  const { era = 'auto' } = options
  const line = await appointment.dial.open()
  try {
    return await agree(line, era, { ...appointment, options })
  } catch (problem) {
    if (options.signal?.aborted) throw options.signal.reason
    // Some older servers leave at any message before their handshake, so the question which era
    // they speak ends them. They get a second life and the handshake at once.
    if (era === 'auto' && line.ended !== undefined) return again({ ...appointment, options })
    throw told(problem, line)
  }
}

type Meeting = Appointment & { readonly options: ConnectOptions }

async function again(meeting: Meeting): Promise<Client> {
  const line = await meeting.dial.open()
  try {
    return await agree(line, 'stateful', meeting)
  } catch (problem) {
    throw told(problem, line)
  }
}

/** Agrees with the server on an era; closes the line when that fails or takes too long. */
async function agree(line: Line, era: EraChoice, { dial, name, options }: Meeting): Promise<Client> {
  const { connectTimeout: timeout = CONNECT_MS, signal, extensions, cache } = options
  signal?.throwIfAborted()
  const official = new OfficialClient(selfOf(options), {
    versionNegotiation: { mode: MODES[era], probe: { timeoutMs: Math.ceil(timeout / 2) } },
    // No revision to fall back to, which leaves the stateless era alone.
    ...(era === 'stateless' && { supportedProtocolVersions: [] }),
    capabilities: { ...abilitiesOf(options), ...(extensions && { extensions }) } as ClientCapabilities, // settings are JSON, which users' types need not say
    jsonSchemaValidator: outputCheck,
    listMaxPages: MOST_PAGES,
    responseCacheStore: (cache || new ResponseCache()).part(dial.place),
    cachePartition: await partitionOf({ ...options, headers: dial.headers }),
  })
  const reports = new ProgressReports()
  const gate = gated(line, reports)
  const client = assemble(official, { line, gate, reports, options, name })
  await within(official.connect(gate, { timeout }), line, { signal, timeout })
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
