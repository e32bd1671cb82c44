import { KINDS, type Kind } from '../components/component.ts'
import { checkName } from '../components/component-name.ts'
import { DefinitionError } from '../protocol/errors.ts'
import type { Provider, Transform, View } from '../providers/provider.ts'
import { renaming } from './naming.ts'

/**
 * Gives tools, prompts and resources other names or URIs, one by one; the old ones are free for others. A template keeps its
 * own: put it into a `namespace`. Throws `DefinitionError` for a name that the source has already; what it gets of that name
 * later is not shown.
 *
 * @example
 * mcp.mount(pipe(github, rename({ create_issue: 'file_bug', 'config://app': 'config://github' })))
 */
export function rename(names: Readonly<Record<string, string>>): Transform {
  const above = new Map(Object.entries(names))
  const below = new Map<string, string>()
  for (const [old, name] of above) {
    checkNew(old, name)
    const other = below.get(name)
    if (other !== undefined) {
      throw new DefinitionError('rename', `"${other}" and "${old}" would both be called "${name}"; choose another`)
    }
    below.set(name, old)
  }
  const change = renaming({
    above: (kind: Kind, id) => (kind === 'template' ? id : (above.get(id) ?? id)),
    below: (kind: Kind, id) => {
      if (kind === 'template') return id
      const old = below.get(id)
      if (old !== undefined) return old
      // An old name leads nowhere, or else what it was taken from would still be there.
      return above.has(id) && above.get(id) !== id ? undefined : id
    },
  })
  return (source) => {
    checkFree(source, above)
    return change(source)
  }
}

/** What has a scheme is a URI, and all else a name. */
function checkNew(old: string, name: unknown): void {
  if (typeof name === 'string' && /^[A-Za-z][A-Za-z0-9+.-]*:./.test(name)) return
  try {
    checkName('tool', name)
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new DefinitionError(`rename "${old}"`, `to what is no URI and no name: ${why}`, { cause })
  }
}

/** Nothing may lose its name to another one. Sources that are elsewhere are not asked: what they have of the name is not shown. */
function checkFree(source: Provider, above: ReadonlyMap<string, string>): void {
  if (source.isRemote) return
  for (const kind of KINDS) {
    const list = kind === 'template' ? [] : source.list(kind, ANYONE)
    if (list instanceof Promise) {
      // Whoever lists it next hears of what went wrong.
      list.catch(() => undefined)
      continue
    }
    const ids = new Set(list.map(({ id }) => id))
    for (const [old, name] of above) {
      if (old === name || !ids.has(name) || above.has(name)) continue
      throw new DefinitionError('rename', `"${old}" cannot be called "${name}": there is a ${kind} "${name}" already`)
    }
  }
}

const ANYONE: View = { auth: undefined, sessionId: undefined }
