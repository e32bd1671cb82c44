import { type Decoding, decode, decodingOf } from './decoding.ts'
import { facetsOf, type Look, lookAt } from './fit.ts'
import type { JsonSchema } from './json-schema.ts'
import { innerOf } from './members.ts'
import { reaching } from './reach.ts'
import { isOfType, typesOf } from './typing.ts'

/** Gives a value with what JSON had to carry in another form as the library wants it; itself if there is nothing. */
export type Decoder = (value: unknown) => unknown

/** The most schemas looked at in one value. */
const MOST_LOOKS = 1_000_000

/** How values of a schema are decoded: dates and bigints. Undefined if nothing in it needs to be. */
export function decoderOf(json: JsonSchema): Decoder | undefined {
  const worth = reaching(json, (node) => decodingOf(node) !== undefined)
  if (worth.size === 0) return undefined
  return (value) => new Reading(lookAt(json, MOST_LOOKS), worth).read([json], value)
}

class Reading {
  readonly #look: Look
  readonly #worth: ReadonlySet<JsonSchema>

  constructor(look: Look, worth: ReadonlySet<JsonSchema>) {
    this.#look = look
    this.#worth = worth
  }

  read(nodes: readonly JsonSchema[], value: unknown): unknown {
    if (!nodes.some((node) => this.#worth.has(node))) return value
    const facets = facetsOf(nodes, value, this.#look)
    if (typeof value !== 'object' || value === null) return this.#scalar(facets, value)
    return Array.isArray(value) ? this.#items(facets, value) : this.#members(facets, value as JsonSchema) // any object has members
  }

  /** Where text or numbers are welcome as they are, nothing is decoded. */
  #scalar(facets: readonly JsonSchema[], value: unknown): unknown {
    let wanted: Decoding | undefined
    for (const facet of facets) {
      const decoding = decodingOf(facet)
      const isWelcome = facet.type !== undefined && isOfType(value, typesOf(facet, this.#look.references))
      if (decoding === undefined && isWelcome) return value
      wanted ??= decoding
    }
    return (wanted && decode(value, wanted)) ?? value
  }

  #items(facets: readonly JsonSchema[], items: readonly unknown[]): readonly unknown[] {
    let changed: unknown[] | undefined
    for (let i = 0; i < items.length; i++) {
      const item = this.read(innerOf(facets, i), items[i])
      if (item === items[i]) continue
      changed ??= [...items]
      changed[i] = item
    }
    return changed ?? items
  }

  #members(facets: readonly JsonSchema[], members: JsonSchema): JsonSchema {
    let changed: Record<string, unknown> | undefined
    for (const [key, member] of Object.entries(members)) {
      const read = this.read(innerOf(facets, key), member)
      if (read === member) continue
      changed ??= { ...members }
      changed[key] = read
    }
    return changed ?? members
  }
}
