/** What names and URIs of a source are called by those who see it under other ones. */
export interface Outward {
  /** The id outside of the id of a tool, prompt or resource inside. */
  above(kind: 'tool' | 'prompt' | 'resource', id: string): string
}

/** Two changes of names, the inner one first. */
export function outwardThrough(inner: Outward, outer: Outward | undefined): Outward {
  if (outer === undefined) return inner
  return { above: (kind, id) => outer.above(kind, inner.above(kind, id)) }
}
