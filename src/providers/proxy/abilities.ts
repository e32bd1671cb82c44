import { isAble } from '../../engine/abilities.ts'
import type { ClientCapabilities } from '../../protocol/capabilities.ts'

/** What a caller can be asked, in the form in which it is declared; undefined where they cannot be asked anything. */
export interface Abilities {
  readonly key: string
  readonly capabilities: ClientCapabilities | undefined
}

/** What of a client's capabilities makes a difference to a server elsewhere. The same object for the same abilities. */
export function abilitiesOf(declared: ClientCapabilities): Abilities {
  if (declared.elicitation === undefined && declared.sampling === undefined && declared.roots === undefined) return NONE
  const key = ABILITIES.map((ability) => Number(isAble(ability, declared))).join('')
  const known = KNOWN.get(key) ?? { key, capabilities: declaration(declared) }
  KNOWN.set(key, known)
  return known
}

const ABILITIES = ['elicitation', 'elicitation.url', 'sampling', 'sampling.tools', 'roots'] as const
const NONE: Abilities = { key: '', capabilities: undefined }
/** At most one for each of the combinations. */
const KNOWN = new Map<string, Abilities>()

function declaration(declared: ClientCapabilities): ClientCapabilities | undefined {
  const [form, url, sampling, tools, roots] = ABILITIES.map((ability) => isAble(ability, declared))
  const capabilities: ClientCapabilities = {
    ...((form || url) && { elicitation: { ...(form && { form: {} }), ...(url && { url: {} }) } }),
    ...(sampling && { sampling: tools ? { tools: {} } : {} }),
    ...(roots && { roots: {} }),
  }
  return Object.keys(capabilities).length === 0 ? undefined : capabilities
}
