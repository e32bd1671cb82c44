/** What to hear of. */
export interface ListenFilter {
  /** The list of tools. */
  readonly tools?: boolean
  readonly prompts?: boolean
  /** The lists of resources and templates. */
  readonly resourceList?: boolean
  /** The contents of these resources, by URI. */
  readonly resources?: readonly string[]
}

/** How long a server may take to agree, in milliseconds. */
export const AGREE_MS = 30_000

/** Where changes come from, in the way of an era. */
export interface Feed {
  /** Asks for exactly this from now on; resolves with what the server grants of it. */
  tune(filter: ListenFilter): Promise<ListenFilter>
  /** The server has forgotten what was asked for: asks again, and tells what may have been missed. */
  renew(): Promise<void>
  /** Asks for nothing and tries nothing any more. */
  stop(): void
}

const LISTS = ['tools', 'prompts', 'resourceList'] as const

/** Everything that any of the filters wants. */
export function union(filters: readonly ListenFilter[]): ListenFilter {
  const lists = LISTS.filter((list) => filters.some((filter) => filter[list] === true))
  return filterOf(
    lists,
    filters.flatMap(({ resources = [] }) => resources),
  )
}

/** What both filters want. */
export function overlap(one: ListenFilter, other: ListenFilter): ListenFilter {
  const lists = LISTS.filter((list) => one[list] === true && other[list] === true)
  const resources = new Set(one.resources)
  return filterOf(
    lists,
    (other.resources ?? []).filter((uri) => resources.has(uri)),
  )
}

export function wantsNothing(filter: ListenFilter): boolean {
  return LISTS.every((list) => filter[list] !== true) && (filter.resources ?? []).length === 0
}

function filterOf(lists: readonly (typeof LISTS)[number][], resources: readonly string[]): ListenFilter {
  return {
    ...Object.fromEntries(lists.map((list) => [list, true])),
    ...(resources.length > 0 && { resources: [...new Set(resources)].sort() }),
  }
}
