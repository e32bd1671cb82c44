import type { JsonSchema } from '../../../schema/json-schema.ts'
import { isSchemaObject } from '../../../schema/keywords.ts'
import type { Api } from '../routes/api.ts'
import type { RawSchema } from '../routes/route.ts'
import { type Bundle, bundle } from './bundle.ts'
import type { Side } from './cleaning.ts'
import { type Definition, pointedBy } from './definition.ts'
import { libraryOf, type SchemaLibrary } from './schema-library.ts'

/**
 * Characters of a schema as JSON, at most. A model reads what an operation takes with every conversation: 64 KiB are some
 * 16,000 tokens, and more is of no use to it. What is answered it sees when it comes, so that its schema gets a quarter:
 * a thousand operations that all answer with the same large objects must not make a list of 60 MB.
 */
export const LARGEST: Readonly<Record<Side, number>> = { request: 65_536, response: 16_384 }

/**
 * A schema of a document that stands for itself: JSON Schema 2020-12, what it refers to in its own `$defs`, without what
 * cannot be kept. One and the same for the same schema, side and API.
 */
export function portableSchema(schema: RawSchema, api: Api, side: Side): JsonSchema | boolean {
  return typeof schema === 'boolean' ? schema : portable(schema, api, side).schema
}

const known = new WeakMap<Definition, Bundle>()

/** The same, with what could not be kept, in words. */
export function portable(schema: JsonSchema, api: Api, side: Side): Bundle {
  const library = libraryOf(api, side)
  const definition = library.take(schema)
  const before = known.get(definition)
  if (before !== undefined) return before
  const made = makePortable(library, definition, LARGEST[side])
  known.set(definition, made)
  return made
}

const TOO_MUCH = 'the schemas before it are too much already; any value is taken'

function makePortable(library: SchemaLibrary, definition: Definition, most: number): Bundle {
  if (library.budget.characters < 0) return { schema: {}, notes: [TOO_MUCH], effort: 0 }
  const { node, notes } = writtenOut(library, definition)
  const made = bundle(node, library, most)
  library.budget.characters -= made.effort
  return { ...made, notes: [...new Set([...notes, ...made.notes])] }
}

const MOST_STEPS = 50

/** A definition with what it refers to in its place, where it is a reference and no more. */
export function writtenOut(library: SchemaLibrary, definition: Definition): Pick<Definition, 'node' | 'notes'> {
  let { node } = definition
  const notes = new Set(definition.notes)
  for (let steps = 0; steps < MOST_STEPS; steps++) {
    const name = pointedBy(node)
    const target = name === undefined ? undefined : library.named(name)
    const isReference = Object.keys(node).every((keyword) => BESIDE.has(keyword))
    if (target === undefined || !isReference || !isSchemaObject(target.node)) break
    const { $ref: _, ...beside } = node
    node = { ...target.node, ...beside }
    for (const words of target.notes) notes.add(words)
  }
  return { node, notes }
}

/** What may stand beside a reference and does not count. */
const BESIDE: ReadonlySet<string> = new Set(['$ref', 'description', 'title', 'deprecated', 'examples'])
