import type { Resource } from '../../components/component.ts'
import type { ResourceDefinition } from '../../protocol/definitions.ts'
import { DIRECTORY_TYPE, SKILL_FILE, type Skill } from '../../protocol/skills.ts'

/** The folders inside skills, with what is directly in each. */
export function foldersOf(
  skills: readonly Skill[],
  resources: ReadonlyMap<string, Resource>,
): Map<string, readonly ResourceDefinition[]> {
  const folders = new Map<string, Map<string, ResourceDefinition>>()
  const put = (child: ResourceDefinition, root: string): void => {
    const folder = child.uri.slice(0, child.uri.lastIndexOf('/'))
    const children = folders.get(folder) ?? new Map<string, ResourceDefinition>()
    folders.set(folder, children.set(child.uri, child))
    if (folder !== root) put({ uri: folder, name: lastOf(folder), mimeType: DIRECTORY_TYPE }, root)
  }
  for (const { uri: manifest, resources: files } of skills) {
    const root = manifest.slice(0, -`/${SKILL_FILE}`.length)
    for (const { uri } of files === 'dynamic' ? [] : files) {
      const definition = resources.get(uri)?.definition
      if (definition !== undefined) put(definition, root)
    }
  }
  return new Map([...folders].map(([uri, children]) => [uri, Object.freeze([...children.values()].sort(byUri))]))
}

/** The name of a file or folder. */
export function lastOf(uri: string): string {
  return decodeURIComponent(uri.slice(uri.lastIndexOf('/') + 1))
}

/** The order of lists: that of their URIs, by character codes. */
export function byUri(one: { readonly uri: string }, other: { readonly uri: string }): number {
  return one.uri < other.uri ? -1 : Number(one.uri > other.uri)
}
