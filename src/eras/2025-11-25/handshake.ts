import type { ClientFace } from '../../engine/origin.ts'
import type { ClientCapabilities, ServerCapabilities } from '../../protocol/capabilities.ts'
import type { Implementation } from '../../protocol/definitions.ts'
import { McpError } from '../../protocol/errors.ts'
import { isRecord, type Params } from '../../protocol/json-rpc.ts'
import type { DescribeResult } from '../../protocol/methods.ts'
import { NEWEST, type Revision, revisionNamed } from './revisions.ts'

/** What a client says in `initialize`, with the revision that both sides will speak. */
export interface Greeting {
  readonly revision: Revision
  readonly client: ClientFace
}

/** Sessions outlive requests, so what each may keep of its client is bounded. In characters of JSON. */
const MOST_KEPT = 8_192

/** Reads the parameters of `initialize`. Throws `INVALID_PARAMS` that names the member. */
export function readGreeting({ protocolVersion, capabilities, clientInfo }: Params): Greeting {
  if (typeof protocolVersion !== 'string') throw invalid('"protocolVersion" must be a string')
  const client = { info: readInfo(clientInfo), capabilities: readCapabilities(capabilities) }
  return { revision: revisionNamed(protocolVersion) ?? NEWEST, client }
}

/** The text of the result of `initialize`. */
export function greetingText(revision: Revision, { serverInfo, capabilities, ...rest }: DescribeResult): string {
  return JSON.stringify({
    protocolVersion: revision.name,
    capabilities: capabilitiesFor(revision, capabilities),
    serverInfo: implementationFor(revision, serverInfo),
    ...rest,
  })
}

function capabilitiesFor(revision: Revision, capabilities: ServerCapabilities): ServerCapabilities {
  const { completions, extensions, ...known } = capabilities
  return {
    ...known,
    ...(revision.completionsCapability && completions !== undefined && { completions }),
    ...(revision.extensions && extensions !== undefined && { extensions }),
  }
}

function implementationFor(revision: Revision, identity: Implementation): Implementation {
  if (revision.icons) return identity
  const { name, version, title } = identity
  return revision.titles && title !== undefined ? { name, version, title } : { name, version }
}

function readCapabilities(given: unknown): ClientCapabilities {
  if (given === undefined) return {}
  if (!isRecord(given)) throw invalid('"capabilities" must be an object')
  if (JSON.stringify(given).length > MOST_KEPT) throw invalid(`"capabilities" is larger than ${MOST_KEPT} characters`)
  return Object.fromEntries(Object.entries(given).filter(([, settings]) => isRecord(settings)))
}

/** Icons are what makes this large; a handler can do without them. */
function readInfo(given: unknown): Implementation | undefined {
  if (given === undefined) return undefined
  if (!isRecord(given) || typeof given.name !== 'string') throw invalid('"clientInfo" must be an object with a "name"')
  const { icons, ...rest } = given
  const known = { ...rest, name: given.name, version: typeof given.version === 'string' ? given.version : '' }
  if (JSON.stringify(known).length > MOST_KEPT) throw invalid(`"clientInfo" is larger than ${MOST_KEPT} characters`)
  const whole = { ...known, icons }
  // The other members are as the client wrote them; the type of what is unverified says what to expect.
  return (JSON.stringify(whole).length > MOST_KEPT ? known : whole) as Implementation
}

function invalid(problem: string): McpError {
  return new McpError('INVALID_PARAMS', `Invalid parameters: ${problem}`)
}
