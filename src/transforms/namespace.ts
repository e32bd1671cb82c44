import type { Kind } from '../components/component.ts'
import { DefinitionError } from '../protocol/errors.ts'
import type { Transform } from '../providers/provider.ts'
import { type Naming, renaming } from './naming.ts'

/** Options of `namespace`. */
export interface NamespaceOptions {
  /** Between the namespace and the name of a tool or prompt; default `_`. */
  readonly separator?: string
}

/**
 * Puts a namespace in front of everything in a source: `forecast` becomes `weather_forecast`, and `data://today` becomes
 * `data://weather/today`. `mcp.mount('weather', source)` does it for you.
 *
 * @example
 * mcp.mount(pipe(weather, namespace('weather', { separator: '.' })))
 */
export function namespace(name: string, { separator = '_' }: NamespaceOptions = {}): Transform {
  if (typeof name !== 'string' || !/^[A-Za-z0-9_.-]{1,64}$/.test(name)) {
    throw new DefinitionError(`namespace "${String(name).slice(0, 80)}"`, 'give 1 to 64 of A-Z a-z 0-9 _ . -')
  }
  if (typeof separator !== 'string' || !/^[_.-]{0,4}$/.test(separator)) {
    throw new DefinitionError(`namespace "${name}"`, 'the separator is up to 4 of _ . -')
  }
  return renaming(namingOf(name, `${name}${separator}`))
}

function namingOf(name: string, prefix: string): Naming {
  const hasUri = (kind: Kind): boolean => kind === 'resource' || kind === 'template'
  return {
    above: (kind, id) => (hasUri(kind) ? intoUri(name, id) : `${prefix}${id}`),
    below(kind, id) {
      if (hasUri(kind)) return outOfUri(name, id)
      return id.startsWith(prefix) ? id.slice(prefix.length) : undefined
    },
  }
}

const SCHEME = /^([A-Za-z][A-Za-z0-9+.-]*:(?:\/\/)?)/

function intoUri(name: string, uri: string): string {
  const scheme = SCHEME.exec(uri)?.[1] ?? ''
  return `${scheme}${name}/${uri.slice(scheme.length)}`
}

function outOfUri(name: string, uri: string): string | undefined {
  const scheme = SCHEME.exec(uri)?.[1] ?? ''
  const rest = uri.slice(scheme.length)
  return rest.startsWith(`${name}/`) ? `${scheme}${rest.slice(name.length + 1)}` : undefined
}
