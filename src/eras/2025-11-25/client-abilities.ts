import type { ClientCapabilities } from '../../protocol/capabilities.ts'
import { McpError } from '../../protocol/errors.ts'
import { isRecord, type Params } from '../../protocol/json-rpc.ts'
import { newId } from './ids.ts'
import type { Revision } from './revisions.ts'

/** Who would be asked. */
export interface Asked {
  readonly revision: Revision
  readonly capabilities: ClientCapabilities
}

/**
 * The parameters of a question in the form of the revision. Throws `MISSING_CLIENT_CAPABILITY`,
 * naming it, when the client has not declared that it can answer (2025-11-25 basic/lifecycle, Operation).
 */
export function askParams(method: string, params: Params, asked: Asked): Params {
  switch (method) {
    case 'ping':
      return params
    case 'roots/list':
      demand(isRecord(asked.capabilities.roots), method, 'roots')
      return params
    case 'sampling/createMessage':
      return samplingParams(params, asked)
    case 'elicitation/create':
      return params.mode === 'url' ? addressParams(params, asked) : formParams(params, asked)
    default:
      throw new McpError('INVALID_REQUEST', `A server of this era cannot ask a client for ${method}`)
  }
}

function samplingParams(params: Params, { revision, capabilities: { sampling } }: Asked): Params {
  demand(isRecord(sampling), 'sampling/createMessage', 'sampling')
  if (params.tools === undefined && params.toolChoice === undefined) return params
  demand(revision.samplingTools && isRecord(sampling?.tools), 'sampling/createMessage with tools', 'sampling.tools')
  return params
}

/** An empty `elicitation` means forms (2025-11-25 client/elicitation, Capabilities). */
function formParams(params: Params, { revision, capabilities: { elicitation } }: Asked): Params {
  const declared = isRecord(elicitation) && (isRecord(elicitation.form) || elicitation.url === undefined)
  demand(revision.elicitation && declared, 'elicitation/create', 'elicitation')
  if (revision.elicitationModes) return params
  const { mode: _, ...older } = params
  return older
}

/** The id lets the client tell which of several visits is over. */
function addressParams(params: Params, { revision, capabilities: { elicitation } }: Asked): Params {
  const declared = isRecord(elicitation) && isRecord(elicitation.url)
  demand(revision.elicitationModes && declared, 'elicitation/create with a URL', 'elicitation.url')
  return params.elicitationId === undefined ? { ...params, elicitationId: newId() } : params
}

function demand(able: boolean, what: string, capability: string): void {
  if (able) return
  const problem = `${what} needs the client capability "${capability}", which this client has not declared`
  throw new McpError('MISSING_CLIENT_CAPABILITY', problem, { data: { capability } })
}
