import type { ListenFilter } from './listen-filter.ts'

/** What changed on the server. */
export type Change = (
  | { readonly kind: 'tools' | 'prompts' | 'resourceList' }
  | { readonly kind: 'resource'; readonly uri: string }
) & {
  /** True after a gap in listening: it may have changed, nobody heard. */
  readonly assumed: boolean
}

/** Whether a listener with this filter wants to hear of a change. */
export function concerns(change: Change, filter: ListenFilter): boolean {
  return change.kind === 'resource' ? filter.resources?.includes(change.uri) === true : filter[change.kind] === true
}

/** Tells of everything that a filter names, after a gap in which any of it may have changed. */
export function assume({ resources = [], ...lists }: ListenFilter, tell: (change: Change) => void): void {
  for (const kind of ['tools', 'prompts', 'resourceList'] as const) if (lists[kind]) tell({ kind, assumed: true })
  for (const uri of resources) tell({ kind: 'resource', uri, assumed: true })
}
