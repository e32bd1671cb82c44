import { frozenCopy } from '../components/metadata.ts'
import type { Ability } from '../engine/abilities.ts'
import type { Additions, CacheHint } from '../engine/application.ts'
import type { Handle } from '../engine/call.ts'
import { compose, type Middleware } from '../middleware/compose.ts'
import type { ServerCapabilities } from '../protocol/capabilities.ts'
import { DefinitionError } from '../protocol/errors.ts'
import { isRecord } from '../protocol/json-rpc.ts'
import { isExtensionId } from '../protocol/meta-key.ts'
import { hasResultTypes, type Prepared, prepareMethod } from './added-method.ts'
import type { Extension, ExtensionSettings } from './extension.ts'

/** The extensions of a server. */
export interface Extensions extends Additions {
  /** Adds one. Throws `DefinitionError` for one that cannot be, and then nothing of it is added. */
  add(extension: Extension): void
  method(name: string): Prepared | undefined
  /** `capabilities` with what extensions add; `resultTypes` says whether the client is told the types of results. */
  declare(capabilities: ServerCapabilities, options: { readonly resultTypes: boolean }): ServerCapabilities
  /** Puts the layers of extensions around tool calls of clients that declared them; `handle` itself where there are none. */
  wrap(handle: Handle): Handle
}

interface Known {
  readonly extension: Extension
  readonly settings: ExtensionSettings
}

/** Makes an empty collection. `cacheHint` is the server's hint for methods that say nothing themselves. */
export function createExtensions(cacheHint: (method: string) => CacheHint): Extensions {
  const known = new Map<string, Known>()
  const methods = new Map<string, Prepared>()
  const resultTypes = new Set<string>()

  return {
    resultTypes,
    method: (name) => methods.get(name),
    needsResultTypes(id) {
      const found = known.get(id)
      return found !== undefined && hasResultTypes(found.extension)
    },
    add(extension) {
      const settings = checked(extension)
      const { id } = extension
      if (known.has(id)) throw new DefinitionError(`extension ${id}`, 'it is there already; extend the server once')
      const prepared = Object.entries(extension.methods ?? {}).map(([name, method]) => {
        if (methods.has(name)) throw new DefinitionError(`extension ${id}`, `another one has the method "${name}"`)
        return [name, prepareMethod(name, method, { extension, cacheHint })] as const
      })
      known.set(id, { extension, settings })
      for (const [name, method] of prepared) methods.set(name, method)
      for (const type of extension.resultTypes ?? []) resultTypes.add(type)
    },
    declare(capabilities, options) {
      const offered = [...known.values()].filter(({ extension }) => options.resultTypes || !hasResultTypes(extension))
      if (offered.length === 0) return capabilities
      const settings = Object.fromEntries(offered.map(({ extension, settings }) => [extension.id, settings]))
      const added: ServerCapabilities = Object.fromEntries(
        offered.flatMap(({ extension }) => Object.entries(extension.capabilities ?? {})),
      )
      return { ...added, ...capabilities, extensions: { ...settings, ...capabilities.extensions } }
    },
    wrap(handle) {
      const around = [...known.values()].reduceRight((inner, { extension }) => wrapOne(inner, extension), handle)
      if (around === handle) return handle
      return (call) => (call.method === 'tools/call' ? around(call) : handle(call))
    },
  }
}

function wrapOne(inner: Handle, { id, aroundTools }: Extension): Handle {
  if (aroundTools === undefined) return inner
  // It is only ever given calls of the one method that it is for.
  const around = compose([aroundTools as unknown as Middleware], inner)
  const ability: Ability = `extensions.${id}`
  return (call) => (call.context.client.can(ability) ? around(call) : inner(call))
}

/** The settings of an extension that can be, as JSON that nobody changes. */
function checked({ id, settings = {}, aroundTools, resultTypes = [], start }: Extension): ExtensionSettings {
  const label = `extension ${String(id).slice(0, 80)}`
  if (typeof id !== 'string' || !isExtensionId(id)) {
    throw new DefinitionError(
      label,
      'an id is a domain of yours reversed, a slash and a name, as in com.example/reports',
    )
  }
  if (!isRecord(settings)) throw new DefinitionError(label, 'settings must be an object')
  for (const [part, value] of Object.entries({ aroundTools, start })) {
    if (value !== undefined && typeof value !== 'function')
      throw new DefinitionError(label, `${part} must be a function`)
  }
  const taken = resultTypes.find((type) => typeof type !== 'string' || type === '' || TYPES.has(type))
  if (taken !== undefined) throw new DefinitionError(label, `the result type "${taken}" belongs to the protocol`)
  return frozenCopy(label, settings)
}

/** The types of result that the protocol itself has. */
const TYPES: ReadonlySet<string> = new Set(['complete', 'input_required'])
