import { checkKeys } from '../components/check-keys.ts'
import type { AnyComponent } from '../components/component.ts'
import { frozenCopy } from '../components/metadata.ts'
import type { Icon, Meta } from '../protocol/content.ts'
import { DefinitionError } from '../protocol/errors.ts'
import type { Transform } from '../providers/provider.ts'
import { reface } from './reface.ts'
import { remap } from './remap.ts'
import { type Selection, selects } from './select.ts'

/** What a component says of itself, anew. What is left out stays. */
export interface Description {
  readonly title?: string
  readonly description?: string
  readonly icons?: readonly Icon[]
  /** Added to what is there. */
  readonly meta?: Meta
}

/**
 * Describes components of a source anew, by their names or URIs.
 *
 * @example
 * mcp.mount(pipe(github, describe({ create_issue: { description: 'Files a bug in the tracker of the team' } })))
 */
export function describe(descriptions: Readonly<Record<string, Description>>): Transform {
  checkKeys('describe', descriptions)
  const byId = new Map(Object.entries(descriptions))
  for (const [id, given] of byId) {
    const label = `describe "${id}"`
    checkKeys(label, given, ['title', 'description', 'icons', 'meta'])
    if (given.description?.trim() === '') throw new DefinitionError(label, 'give it a description that is not empty')
  }
  return (source) =>
    remap(source, {
      show: <C extends AnyComponent>(component: C) => {
        const given = byId.get(component.id)
        return given === undefined ? component : reface(component, { definition: described(component, given) })
      },
    })
}

function described({ kind, id, definition }: AnyComponent, { meta, ...rest }: Description): AnyComponent['definition'] {
  const known = Object.entries(rest).filter(([, value]) => value !== undefined)
  const whole = {
    ...definition,
    ...Object.fromEntries(known),
    ...(meta && { _meta: { ...definition._meta, ...meta } }),
  }
  // The members that differ between kinds stay as they are.
  return frozenCopy(`${kind} "${id}"`, whole as AnyComponent['definition'])
}

/**
 * Adds tags to components of a source, for the filters that come after it.
 *
 * @example
 * mcp.mount(pipe(github, tag(['write'], { names: ['create_*', 'delete_*'] }), hide({ tags: ['write'] })))
 */
export function tag(tags: readonly string[], selection: Selection): Transform {
  if (!Array.isArray(tags)) throw new DefinitionError('tag', 'give a list of tags, and what gets them')
  const isMeant = selects('tag', selection)
  return (source) =>
    remap(source, {
      show: <C extends AnyComponent>(component: C) =>
        isMeant(component)
          ? reface(component, { tags: Object.freeze([...new Set([...component.tags, ...tags])]) })
          : component,
    })
}
