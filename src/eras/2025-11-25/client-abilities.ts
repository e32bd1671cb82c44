import { type Ability, abilityFor, declarationOf, isAble } from '../../engine/abilities.ts'
import type { ClientCapabilities } from '../../protocol/capabilities.ts'
import { McpError } from '../../protocol/errors.ts'
import type { Params } from '../../protocol/json-rpc.ts'
import { newId } from './ids.ts'
import { olderForm } from './older-form.ts'
import type { Revision } from './revisions.ts'

/** Who would be asked. */
export interface Asked {
  readonly revision: Revision
  readonly capabilities: ClientCapabilities
}

/** Whether a client has an ability: it has declared it, and its revision knows it. */
export function canBeAsked(ability: Ability, { revision, capabilities }: Asked): boolean {
  return isKnown(ability, revision) && isAble(ability, capabilities)
}

/**
 * The parameters of a question in the form of the revision. Throws `MISSING_CLIENT_CAPABILITY`,
 * naming it, when the client has not declared that it can answer (2025-11-25 basic/lifecycle, Operation).
 */
export function askParams(method: string, params: Params, asked: Asked): Params {
  if (method === 'ping') return params
  const ability = abilityFor(method, params)
  if (ability === undefined)
    throw new McpError('INVALID_REQUEST', `A server of this era cannot ask a client for ${method}`)
  if (!canBeAsked(ability, asked)) throw unable(method, ability)
  switch (ability) {
    case 'elicitation':
      return asked.revision.elicitationModes ? params : olderForm(params)
    case 'elicitation.url':
      // The id lets the client tell which of several visits is over.
      return params.elicitationId === undefined ? { ...params, elicitationId: newId() } : params
    default:
      return params
  }
}

function isKnown(ability: Ability, revision: Revision): boolean {
  switch (ability) {
    case 'elicitation':
      return revision.elicitation
    case 'elicitation.url':
      return revision.elicitationModes
    case 'sampling.tools':
      return revision.samplingTools
    case 'sampling':
    case 'roots':
      return true
    default:
      return revision.extensions
  }
}

function unable(method: string, ability: Ability): McpError {
  const words = `${method} needs the client capability "${ability}", which this client has not declared`
  return new McpError('MISSING_CLIENT_CAPABILITY', words, { data: { requiredCapabilities: declarationOf(ability) } })
}
