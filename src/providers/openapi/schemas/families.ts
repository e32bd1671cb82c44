import type { JsonSchema } from '../../../schema/json-schema.ts'
import { isSchemaObject } from '../../../schema/keywords.ts'
import { stepOf } from '../document/pointer.ts'
import type { Api } from '../routes/api.ts'
import { discriminatorOf } from './discriminator.ts'

const SCHEMAS = '#/components/schemas'
/** A model that must choose among more is better told that anything goes. */
const MOST_HEIRS = 50

/**
 * Schemas that others are made of by `allOf`, and that tell by a discriminator which of them a value is. Where one is
 * referred to, a value of any heir is meant, though only the heirs say so.
 */
export class Families {
  readonly #api: Api
  readonly #wholes = new Map<JsonSchema, JsonSchema | undefined>()
  #heirs: ReadonlyMap<unknown, readonly string[]> | undefined

  constructor(api: Api) {
    this.#api = api
  }

  /** The union of all heirs of a schema, and of itself; undefined for one without any. */
  wholeOf(base: JsonSchema, reference: string): JsonSchema | undefined {
    if (base.discriminator === undefined) return undefined
    if (!this.#wholes.has(base)) this.#wholes.set(base, this.#makeWhole(base, reference))
    return this.#wholes.get(base)
  }

  #makeWhole(base: JsonSchema, reference: string): JsonSchema | undefined {
    const discriminator = discriminatorOf(base)
    if (discriminator === undefined || Array.isArray(base.oneOf) || Array.isArray(base.anyOf)) return undefined
    const heirs = this.#heirsOf(base, new Set(discriminator.mapping.map(([, to]) => to)))
    if (heirs.length === 0) return undefined
    const { title, description } = base
    return {
      ...(title !== undefined && { title }),
      ...(description !== undefined && { description }),
      discriminator: base.discriminator,
      // Its own schema comes last, as a part of something: whatever is not told apart is checked by it.
      anyOf: [...heirs.map((heir) => ({ $ref: heir })), { allOf: [{ $ref: reference }] }],
    }
  }

  /** References to all heirs, those of the mapping first; heirs of heirs too, unless those tell them apart themselves. */
  #heirsOf(base: JsonSchema, references: Set<string>): readonly string[] {
    const known = new Set<unknown>([base])
    const heirs: string[] = []
    for (const each of this.#madeOf(base)) references.add(each)
    // A set may grow while it is walked.
    for (const reference of references) {
      const target = this.#api.resolve(reference)
      if (!isSchemaObject(target) || known.has(target)) continue
      known.add(target)
      heirs.push(reference)
      if (heirs.length === MOST_HEIRS) break
      if (target.discriminator === undefined) for (const each of this.#madeOf(target)) references.add(each)
    }
    return heirs
  }

  #madeOf(base: unknown): readonly string[] {
    this.#heirs ??= this.#index()
    return this.#heirs.get(base) ?? []
  }

  #index(): ReadonlyMap<unknown, readonly string[]> {
    const schemas = this.#api.resolve(SCHEMAS)
    const heirs = new Map<unknown, string[]>()
    for (const [name, schema] of Object.entries(isSchemaObject(schemas) ? schemas : {})) {
      const parts = isSchemaObject(schema) && Array.isArray(schema.allOf) ? schema.allOf : []
      for (const part of parts) {
        if (!isSchemaObject(part) || typeof part.$ref !== 'string') continue
        const base = this.#api.resolve(part.$ref)
        const known = heirs.get(base)
        if (known === undefined) heirs.set(base, [`${SCHEMAS}/${stepOf(name)}`])
        else known.push(`${SCHEMAS}/${stepOf(name)}`)
      }
    }
    return heirs
  }
}
