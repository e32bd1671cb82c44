import type { AnyComponent } from './component.ts'

/** What of a component is seen. */
export type Face<C extends AnyComponent = AnyComponent> = Pick<C, 'kind' | 'id' | 'definition' | 'tags' | 'version'>

/** The face of a component, to be put before other work. Not a spread: it may be an instance, with its parts on a prototype. */
export function faceOf<C extends AnyComponent>({ kind, id, definition, tags, version }: C): Face<C> {
  return { kind, id, definition, tags, ...(version !== undefined && { version }) }
}
