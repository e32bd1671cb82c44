import type { Client, ReadOptions } from '../../client/index.ts'
import type { Components, Kind } from '../../components/component.ts'

/** The definition of a component of a kind, as lists show it. */
export type AnyDefinition<K extends Kind> = Components[K]['definition']

/** Asks a server for the list of a kind. */
export function listOf<K extends Kind>(
  kind: K,
  client: Client,
  options: ReadOptions,
): Promise<readonly AnyDefinition<K>[]> {
  const lists: { readonly [Each in Kind]: () => Promise<readonly AnyDefinition<Each>[]> } = {
    tool: () => client.tools(options),
    resource: () => client.resources(options),
    template: () => client.templates(options),
    prompt: () => client.prompts(options),
  }
  return lists[kind]()
}
