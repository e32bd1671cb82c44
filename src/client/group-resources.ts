import type { ResourceDefinition, TemplateDefinition } from '../protocol/definitions.ts'
import { ClientError } from './errors.ts'

/** Whose a URI is in a group. URIs are not renamed: they mean the same wherever they are written. */
export class ResourceOwners {
  readonly #uris = new Map<string, ReadonlySet<string>>()
  readonly #templates = new Map<string, readonly string[]>()

  noteResources(server: string, resources: readonly ResourceDefinition[]): void {
    this.#uris.set(server, new Set(resources.map(({ uri }) => uri)))
  }

  noteTemplates(server: string, templates: readonly TemplateDefinition[]): void {
    this.#templates.set(
      server,
      templates.map(({ uriTemplate }) => uriTemplate),
    )
  }

  /** The server that lists this URI, or else one of whose templates it may be; undefined if none does. */
  find(uri: string): string | undefined {
    return (
      only(
        uri,
        serversWith(this.#uris, (uris) => uris.has(uri)),
      ) ?? this.#findTemplate(uri)
    )
  }

  #findTemplate(uri: string): string | undefined {
    // A template itself names its server when its variables are completed.
    const exact = serversWith(this.#templates, (templates) => templates.includes(uri))
    return (
      only(uri, exact) ??
      only(
        uri,
        serversWith(this.#templates, (all) => all.some((each) => mayMatch(each, uri))),
      )
    )
  }
}

function serversWith<T>(known: ReadonlyMap<string, T>, has: (items: T) => boolean): string[] {
  return [...known].filter(([, items]) => has(items)).map(([server]) => server)
}

function only(uri: string, servers: readonly string[]): string | undefined {
  if (servers.length < 2) return servers[0]
  const words = `The servers ${servers.join(' and ')} both have a resource "${uri}"`
  throw new ClientError('NAME_COLLISION', `${words}: say which with the option server`)
}

/** Whether the literal parts of a template stand in a URI in their order; in linear time. */
function mayMatch(template: string, uri: string): boolean {
  const [first = '', ...others] = template.split(/\{[^{}]*\}/)
  if (others.length === 0) return template === uri
  if (!uri.startsWith(first)) return false
  let at = first.length
  for (const literal of others) {
    const found = uri.indexOf(literal, at)
    if (found < 0) return false
    at = found + literal.length
  }
  return uri.endsWith(others.at(-1) ?? '')
}
