import type { ClientCapabilities } from '../protocol/capabilities.ts'
import { isRecord, type Params } from '../protocol/json-rpc.ts'

/** What a client may be able to do; `elicitation` is by form. */
export type Ability =
  | 'elicitation'
  | 'elicitation.url'
  | 'sampling'
  | 'sampling.tools'
  | 'roots'
  | `extensions.${string}`

const EXTENSIONS = 'extensions.'

/** The extension that an ability is to speak; undefined for the abilities of the protocol itself. */
export function extensionIn(ability: Ability): string | undefined {
  return ability.startsWith(EXTENSIONS) ? ability.slice(EXTENSIONS.length) : undefined
}

/** Whether capabilities, as a client declared them, hold an ability. */
export function isAble(ability: Ability, { elicitation, sampling, roots, extensions }: ClientCapabilities): boolean {
  switch (ability) {
    case 'elicitation':
      // Declared without a mode it means forms (client/elicitation, Capabilities).
      return isRecord(elicitation) && (isRecord(elicitation.form) || elicitation.url === undefined)
    case 'elicitation.url':
      return isRecord(elicitation) && isRecord(elicitation.url)
    case 'sampling':
      return isRecord(sampling)
    case 'sampling.tools':
      return isRecord(sampling) && isRecord(sampling.tools)
    case 'roots':
      return isRecord(roots)
    default: {
      const name = extensionIn(ability) ?? ''
      return isRecord(extensions) && Object.hasOwn(extensions, name) && isRecord(extensions[name])
    }
  }
}

/** What a client would have to declare to have an ability. */
export function declarationOf(ability: Ability): ClientCapabilities {
  switch (ability) {
    case 'elicitation':
      return { elicitation: { form: {} } }
    case 'elicitation.url':
      return { elicitation: { url: {} } }
    case 'sampling':
      return { sampling: {} }
    case 'sampling.tools':
      return { sampling: { tools: {} } }
    case 'roots':
      return { roots: {} }
    default:
      return { extensions: { [ability.slice(EXTENSIONS.length)]: {} } }
  }
}

/** What a client must be able to do to be asked this; undefined for what needs nothing. */
export function abilityFor(method: string, params: Params): Ability | undefined {
  switch (method) {
    case 'elicitation/create':
      return params.mode === 'url' ? 'elicitation.url' : 'elicitation'
    case 'sampling/createMessage':
      return params.tools === undefined && params.toolChoice === undefined ? 'sampling' : 'sampling.tools'
    case 'roots/list':
      return 'roots'
    default:
      return undefined
  }
}
