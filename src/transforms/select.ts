import { checkKeys } from '../components/check-keys.ts'
import { type AnyComponent, KINDS, type Kind } from '../components/component.ts'
import { isVersion } from '../components/version.ts'
import { DefinitionError } from '../protocol/errors.ts'

/** Which components are meant: those that fit everything that is said. */
export interface Selector {
  /** Names of tools and prompts, URIs of resources and templates; `*` stands for any text. */
  readonly names?: readonly string[]
  /** With at least one of these tags. */
  readonly tags?: readonly string[]
  readonly kinds?: readonly Kind[]
  /** One of these versions. */
  readonly versions?: readonly string[]
}

/** A selector, or a function that picks. */
export type Selection = Selector | ((component: AnyComponent) => boolean)

/** Makes a selection a function. Throws `DefinitionError` for one that says nothing, or nothing known. */
export function selects(what: string, selection: Selection): (component: AnyComponent) => boolean {
  if (typeof selection === 'function') return (component) => decided(what, selection(component))
  checkKeys(what, selection, ['names', 'tags', 'kinds', 'versions'])
  const { names, tags, kinds, versions } = selection
  if (names === undefined && tags === undefined && kinds === undefined && versions === undefined) {
    throw new DefinitionError(what, 'say what: names, tags, kinds or versions')
  }
  for (const [key, list] of Object.entries({ names, tags, kinds, versions })) {
    if (list === undefined || (Array.isArray(list) && list.every((each) => typeof each === 'string'))) continue
    throw new DefinitionError(what, `${key} must be a list of texts`)
  }
  const stray = kinds?.find((kind) => !KINDS.includes(kind))
  if (stray !== undefined) throw new DefinitionError(what, `there is no kind "${stray}"; there are ${KINDS.join(', ')}`)
  const patterns = names?.map(patternOf)
  return ({ id, kind, tags: own, version }) =>
    (patterns === undefined || patterns.some((fits) => fits(id))) &&
    (tags === undefined || tags.some((tag) => own.includes(tag))) &&
    (kinds === undefined || kinds.includes(kind)) &&
    (versions === undefined || versions.some((each) => isVersion(version, each)))
}

/** A promise is true to `if`, whatever becomes of it. */
function decided(what: string, isMeant: unknown): boolean {
  if (typeof isMeant === 'boolean') return isMeant
  throw new DefinitionError(what, 'the function must give true or false, at once')
}

/** `*` matches as the first that fits, from left to right, so that no name takes long. */
function patternOf(name: string): (id: string) => boolean {
  const [start = '', ...parts] = name.split('*')
  const end = parts.pop()
  if (end === undefined) return (id) => id === name
  return (id) => {
    if (id.length < start.length + end.length || !id.startsWith(start) || !id.endsWith(end)) return false
    let at = start.length
    for (const part of parts) {
      const found = id.indexOf(part, at)
      if (found < 0 || found + part.length > id.length - end.length) return false
      at = found + part.length
    }
    return true
  }
}
