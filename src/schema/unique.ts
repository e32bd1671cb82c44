import { facetsOf, lookAt } from './fit.ts'
import type { JsonSchema } from './json-schema.ts'
import { innerOf } from './members.ts'
import type { Problem } from './schema.ts'

/** Longer lists are not compared item by item: the time would grow with the square. */
export const LONG_LIST = 500

interface Search {
  readonly json: JsonSchema
  readonly worth: ReadonlySet<JsonSchema>
  readonly found: Problem[]
}

/**
 * The lists in `value` that have an item twice where the schema wants `uniqueItems`, in linear time.
 * `worth` are the schemas that can reach the keyword. Of a union the branches that fit best count.
 */
export function duplicates(json: JsonSchema, worth: ReadonlySet<JsonSchema>, value: unknown): readonly Problem[] {
  const search: Search = { json, worth, found: [] }
  visit([json], { value, path: [] }, search)
  return search.found
}

interface Place {
  readonly value: unknown
  readonly path: readonly (string | number)[]
}

function visit(nodes: readonly JsonSchema[], { value, path }: Place, search: Search): void {
  if (typeof value !== 'object' || value === null || !nodes.some((node) => search.worth.has(node))) return
  const facets = facetsOf(nodes, value, lookAt(search.json)).filter((facet) => search.worth.has(facet))
  if (Array.isArray(value) && facets.some(({ uniqueItems }) => uniqueItems === true) && hasTwice(value)) {
    search.found.push({ path, message: 'must not have the same item twice' })
  }
  for (const [name, inner] of Object.entries(value)) {
    const key = Array.isArray(value) ? Number(name) : name
    visit(innerOf(facets, key), { value: inner, path: [...path, key] }, search)
  }
}

function hasTwice(items: readonly unknown[]): boolean {
  const seen = new Set<string>()
  for (const item of items) {
    const text = JSON.stringify(item, sorted)
    if (seen.has(text)) return true
    seen.add(text)
  }
  return false
}

/** Objects that differ only in the order of their members are the same. */
function sorted(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)))
}
