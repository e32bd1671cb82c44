import type { AnyComponent, Kind } from '../components/component.ts'
import type { Change } from '../engine/application.ts'
import { backstageOf } from '../engine/backstage.ts'
import type { Awaitable } from '../engine/call.ts'
import type { Context } from '../engine/context.ts'
import { noteRenamed } from '../protocol/known-json.ts'
import type { Provider, Transform, View } from '../providers/provider.ts'
import { anyVersion } from '../providers/shown.ts'
import { createLinks, type Links } from './links.ts'
import { reface } from './reface.ts'
import { remap } from './remap.ts'

/** Other names for everything in a source. Both ways belong together: `below` of `above` is the id itself. */
export interface Naming {
  /** What the component of this id is called above. */
  above(kind: Kind, id: string): string
  /** The id below of what is called so above; undefined where nothing can be. URIs count as ids of templates, too. */
  below(kind: Kind, id: string): string | undefined
}

/**
 * Shows a source under other names. Resources answer under their new URIs, links in results lead to them, handlers that
 * read a resource of their own server find it, and changes are told of the new names.
 */
export function renaming(naming: Naming): Transform {
  return (source) => {
    const links = createLinks(naming, (uri, view) => canRead(source, uri, anyVersion(view)))
    const outward = { above: naming.above }
    return remap(source, {
      show: <C extends AnyComponent>(component: C) => {
        const id = naming.above(component.kind, component.id)
        // Another one has been given this name.
        if (naming.below(component.kind, id) !== component.id) return undefined
        return renamed(component, id, { naming, links, through: (context) => backstageOf(context).through(outward) })
      },
      below: naming.below,
      tell: (change: Change) => {
        if (change.kind !== 'contents') return change
        const uri = naming.above('resource', change.uri)
        // What another one has the name of is told nobody.
        return naming.below('resource', uri) === change.uri ? { ...change, uri } : undefined
      },
    })
  }
}

interface Renaming {
  readonly naming: Naming
  readonly links: Links
  readonly through: (context: Context) => Context
}

function renamed<C extends AnyComponent>(component: C, id: string, { naming, links, through }: Renaming): C {
  return reface(component, {
    id,
    definition: named(component, id),
    through,
    uri: {
      below: (uri) => naming.below(component.kind, uri),
      above: (uri) => naming.above('resource', uri),
    },
    fix: (result, context) => links.fix(result, context),
  })
}

function named(component: AnyComponent, id: string): AnyComponent['definition'] {
  switch (component.kind) {
    case 'resource':
      return Object.freeze({ ...component.definition, uri: id })
    case 'template':
      return Object.freeze({ ...component.definition, uriTemplate: id })
    default:
      return noteRenamed(Object.freeze({ ...component.definition, name: id }), component.definition)
  }
}

function canRead(source: Provider, uri: string, view: View): Awaitable<boolean> {
  const fixed = source.find('resource', uri, view)
  const orTemplate = (found: unknown): Awaitable<boolean> => {
    if (found !== undefined) return true
    const template = source.find('template', uri, view)
    return template instanceof Promise ? template.then((known) => known !== undefined) : template !== undefined
  }
  return fixed instanceof Promise ? fixed.then(orTemplate) : orTemplate(fixed)
}
