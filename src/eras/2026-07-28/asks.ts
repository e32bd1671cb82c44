import type { ClientCapabilities } from '../../protocol/capabilities.ts'
import { isRecord, type Params } from '../../protocol/json-rpc.ts'

/**
 * What a client would have to declare, and has not, to be asked this; undefined when it has declared
 * all of it.
 */
export function lacking(method: string, params: Params, declared: ClientCapabilities): ClientCapabilities | undefined {
  switch (method) {
    case 'elicitation/create':
      return params.mode === 'url' ? lackingAddress(declared) : lackingForm(declared)
    case 'sampling/createMessage':
      return lackingSampling(params, declared)
    case 'roots/list':
      return isRecord(declared.roots) ? undefined : { roots: {} }
    default:
      return undefined
  }
}

/** An empty `elicitation` means forms (client/elicitation, Capabilities). */
function lackingForm({ elicitation }: ClientCapabilities): ClientCapabilities | undefined {
  const declared = isRecord(elicitation) && (isRecord(elicitation.form) || elicitation.url === undefined)
  return declared ? undefined : { elicitation: { form: {} } }
}

function lackingAddress({ elicitation }: ClientCapabilities): ClientCapabilities | undefined {
  return isRecord(elicitation?.url) ? undefined : { elicitation: { url: {} } }
}

function lackingSampling(params: Params, { sampling }: ClientCapabilities): ClientCapabilities | undefined {
  if (params.tools === undefined && params.toolChoice === undefined)
    return isRecord(sampling) ? undefined : { sampling: {} }
  return isRecord(sampling?.tools) ? undefined : { sampling: { tools: {} } }
}
