import type { JsonSchema } from '../../../schema/json-schema.ts'
import { shorten } from '../names/shorten.ts'
import { cutTo, stubOf } from './cut-schema.ts'
import { type Definition, measureOf } from './definition.ts'
import type { SchemaLibrary } from './schema-library.ts'

/** A schema that stands for itself, and what of it could not be kept. */
export interface Bundle {
  readonly schema: JsonSchema
  readonly notes: readonly string[]
  /** Characters that were looked at for it, also those that were cut away. */
  readonly effort: number
}

/** A model cannot follow more, nor further. */
const MOST_DEFINITIONS = 300
const FURTHEST = 60
const MOST_NOTES = 20
/** Below that, a part of a definition tells nothing. */
const LEAST_PART = 400

/**
 * Puts what a cleaned schema refers to into its `$defs`. Beyond `most` characters the definitions that are furthest from
 * the root become what kind of value they are, and no more.
 */
export function bundle(root: JsonSchema, library: SchemaLibrary, most: number): Bundle {
  const notes = new Set<string>()
  const measured = measureOf(root)
  // What it refers to tells more than its last details.
  const isLarge = measured.size > most * ROOT_SHARE
  const whole = isLarge ? cutTo(root, Math.floor(most * ROOT_SHARE)) : root
  const { size, references } = isLarge ? measureOf(whole) : measured
  const definitions = new Map<string, JsonSchema>()
  const reached = new Map<string, number>(references.map((name) => [name, 1]))
  let left = most * PARTS_SHARE - size
  let effort = measured.size
  let isCut = isLarge
  // A map may grow while it is walked: the nearest come first.
  for (const [name, distance] of reached) {
    const definition = library.named(name)
    if (definition === undefined) continue
    const part = partOf(definition, {
      library,
      left,
      isFar: distance > FURTHEST || definitions.size >= MOST_DEFINITIONS,
    })
    definitions.set(name, part.node)
    left -= part.size + name.length + 6
    effort += part.effort
    isCut ||= part.isCut
    for (const words of definition.notes) notes.add(words)
    for (const reference of part.references) if (!reached.has(reference)) reached.set(reference, distance + 1)
  }
  if (isCut) notes.add('its schema is large; the parts that are furthest from the root take any value')
  const schema = definitions.size === 0 ? whole : { ...whole, $defs: Object.fromEntries(definitions) }
  return { schema, notes: [...notes].slice(0, MOST_NOTES), effort }
}

const ROOT_SHARE = 0.75
/** The rest is for what is left of the parts that find no room. */
const PARTS_SHARE = 0.9

interface Part {
  readonly node: JsonSchema
  readonly size: number
  readonly references: readonly string[]
  readonly isCut: boolean
  readonly effort: number
}

interface Room {
  readonly library: SchemaLibrary
  readonly left: number
  readonly isFar: boolean
}

function partOf(definition: Definition, { library, left, isFar }: Room): Part {
  const { size, references } = library.measure(definition)
  if (size <= left && !isFar) return { node: definition.node, size, references, isCut: false, effort: size }
  const half = Math.floor(left / 2)
  if (half >= LEAST_PART && !isFar) {
    const node = cutTo(definition.node, half)
    return { node, ...measureOf(node), isCut: true, effort: size }
  }
  const node = signOf(definition.node, left)
  const signSize = JSON.stringify(node).length
  return { node, size: signSize, references: [], isCut: true, effort: signSize }
}

const LONGEST_SIGN = 100

/** What a definition is, in a few words at most. */
function signOf(node: JsonSchema, left: number): JsonSchema {
  const { type, description } = stubOf(node)
  const words = typeof description === 'string' && left > LEAST_PART ? shorten(description, LONGEST_SIGN) : ''
  return { ...(type !== undefined && { type }), ...(words !== '' && { description: words }) }
}
