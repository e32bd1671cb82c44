import type { ClientCapabilities } from '../../protocol/capabilities.ts'
import type { Implementation } from '../../protocol/definitions.ts'
import { McpError } from '../../protocol/errors.ts'
import { isRecord, type Params } from '../../protocol/json-rpc.ts'
import { LOG_LEVELS, type LogLevel } from '../../protocol/methods.ts'
import { CLIENT_CAPABILITIES, CLIENT_INFO, isStatelessVersion, LOG_LEVEL, PROTOCOL_VERSION } from './revision.ts'

/** `_meta` of a request once it is checked: what a handshake told in earlier revisions. */
export interface Envelope {
  readonly [key: string]: unknown
  readonly progressToken?: string | number
  readonly [PROTOCOL_VERSION]: string
  readonly [CLIENT_CAPABILITIES]: ClientCapabilities
  readonly [CLIENT_INFO]?: Implementation
  readonly [LOG_LEVEL]?: LogLevel
}

/** Whether parameters claim to carry an envelope, well-formed or not. */
export function claimsEnvelope(params: unknown): boolean {
  const meta = metaOf(params)
  return meta !== undefined && (Object.hasOwn(meta, PROTOCOL_VERSION) || Object.hasOwn(meta, CLIENT_CAPABILITIES))
}

/** Whether parameters carry an envelope that is well-formed and of this era. */
export function hasEnvelope(params: unknown): boolean {
  const meta = metaOf(params)
  return meta !== undefined && problemOf(meta) === undefined && isStatelessVersion(String(meta[PROTOCOL_VERSION]))
}

/** The envelope of a request. Throws `INVALID_PARAMS` that names the key and what it must be. */
export function readEnvelope(params: Params | undefined): Envelope {
  const meta = metaOf(params)
  const problem = meta === undefined ? missing(...REQUIRED) : problemOf(meta)
  if (problem !== undefined) throw new McpError('INVALID_PARAMS', `Invalid params._meta: ${problem}`)
  // `problemOf` has checked every member that the type names.
  return meta as Envelope
}

/** The version that a message claims; undefined where it claims none. Throws `INVALID_PARAMS` for what is no version. */
export function claimedVersion(params: unknown): string | undefined {
  const version = metaOf(params)?.[PROTOCOL_VERSION]
  if (version === undefined || typeof version === 'string') return version
  throw new McpError('INVALID_PARAMS', `Invalid params._meta: ${PROTOCOL_VERSION} must be a string`)
}

function metaOf(params: unknown): Record<string, unknown> | undefined {
  return isRecord(params) && isRecord(params._meta) ? params._meta : undefined
}

const REQUIRED = [PROTOCOL_VERSION, CLIENT_CAPABILITIES] as const

/** The first thing wrong, in the order of the specification: what is missing, then what is malformed. */
function problemOf(meta: Record<string, unknown>): string | undefined {
  const version = meta[PROTOCOL_VERSION]
  const capabilities = meta[CLIENT_CAPABILITIES]
  if (version === undefined || capabilities === undefined)
    return missing(...REQUIRED.filter((key) => meta[key] === undefined))
  if (typeof version !== 'string') return `${PROTOCOL_VERSION} must be a string`
  if (!isRecord(capabilities)) return `${CLIENT_CAPABILITIES} must be an object`
  const wrong = capabilityProblem(capabilities)
  if (wrong !== undefined) return `${CLIENT_CAPABILITIES}.${wrong}`
  if (!isClientInfo(meta[CLIENT_INFO])) return `${CLIENT_INFO} must be an object with the strings name and version`
  if (!isLogLevel(meta[LOG_LEVEL])) return `${LOG_LEVEL} must be one of ${LOG_LEVELS.join(', ')}`
  if (!isProgressToken(meta.progressToken)) return 'progressToken must be a string or an integer'
  return undefined
}

function missing(...keys: string[]): string {
  return `${keys.join(' and ')} ${keys.length === 1 ? 'is' : 'are'} missing`
}

/** Capabilities of the protocol, and which of their members must be objects; null means every one. */
const CAPABILITIES: readonly (readonly [name: string, members: readonly string[] | null])[] = [
  ['experimental', null],
  ['roots', []],
  ['sampling', ['context', 'tools']],
  ['elicitation', ['form', 'url']],
  ['extensions', null],
]

function capabilityProblem(capabilities: Record<string, unknown>): string | undefined {
  for (const [name, members] of CAPABILITIES) {
    const capability = capabilities[name]
    if (capability === undefined) continue
    if (!isRecord(capability)) return `${name} must be an object`
    for (const member of members ?? Object.keys(capability)) {
      const setting = capability[member]
      if (setting !== undefined && !isRecord(setting)) return `${name}.${member.slice(0, 100)} must be an object`
    }
  }
  return undefined
}

function isClientInfo(value: unknown): boolean {
  return value === undefined || (isRecord(value) && typeof value.name === 'string' && typeof value.version === 'string')
}

function isLogLevel(value: unknown): boolean {
  return value === undefined || LOG_LEVELS.some((level) => level === value)
}

function isProgressToken(value: unknown): boolean {
  return value === undefined || typeof value === 'string' || Number.isInteger(value)
}
