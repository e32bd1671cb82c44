import type { Kind } from '../components/component.ts'
import { DefinitionError } from '../protocol/errors.ts'
import type { Transform } from '../providers/provider.ts'
import { renaming } from './naming.ts'

/**
 * Gives tools, prompts and resources other names or URIs, one by one; the old ones are free for others. A template keeps its
 * own: put it into a `namespace`.
 *
 * @example
 * mcp.mount(pipe(github, rename({ create_issue: 'file_bug', 'config://app': 'config://github' })))
 */
export function rename(names: Readonly<Record<string, string>>): Transform {
  const above = new Map(Object.entries(names))
  const below = new Map<string, string>()
  for (const [old, name] of above) {
    const other = below.get(name)
    if (other !== undefined) {
      throw new DefinitionError('rename', `"${other}" and "${old}" would both be called "${name}"; choose another`)
    }
    below.set(name, old)
  }
  return renaming({
    above: (kind: Kind, id) => (kind === 'template' ? id : (above.get(id) ?? id)),
    below: (kind: Kind, id) => {
      if (kind === 'template') return id
      const old = below.get(id)
      if (old !== undefined) return old
      // An old name leads nowhere, or else what it was taken from would still be there.
      return above.has(id) && above.get(id) !== id ? undefined : id
    },
  })
}
