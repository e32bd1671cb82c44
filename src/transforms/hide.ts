import type { AnyComponent } from '../components/component.ts'
import type { Transform } from '../providers/provider.ts'
import { remap } from './remap.ts'
import { type Selection, selects } from './select.ts'

/**
 * Takes components out of a source: what is hidden is in no list and cannot be called, read, completed or subscribed to. A
 * resource that is hidden is not read by a template either.
 *
 * @example
 * mcp.mount('github', pipe(github, hide({ tags: ['internal'] }), hide({ names: ['delete_*'] })))
 */
export function hide(selection: Selection): Transform {
  const isHidden = selects('hide', selection)
  return (source) =>
    remap(source, { show: <C extends AnyComponent>(component: C) => (isHidden(component) ? undefined : component) })
}

/**
 * Keeps only what is selected of a source, and hides all else.
 *
 * @example
 * mcp.mount(pipe(github, only({ names: ['create_issue', 'list_issues'] })))
 */
export function only(selection: Selection): Transform {
  const isShown = selects('only', selection)
  return (source) =>
    remap(source, { show: <C extends AnyComponent>(component: C) => (isShown(component) ? component : undefined) })
}
