import type { JsonSchema } from '../../../schema/json-schema.ts'
import { isSchemaObject } from '../../../schema/keywords.ts'
import { nameIn } from './definition-names.ts'

/** What tells of a value which schema it has (OpenAPI 3.1, 4.8.25). */
export interface Discriminator {
  readonly property: string
  /** What a reference leads to, with the values of the property that mean it. */
  readonly mapping: readonly (readonly [value: string, reference: string])[]
}

const MOST_VALUES = 500
const LONGEST = 200

/** The discriminator of a schema, which Swagger 2.0 has as a bare name; undefined where it has none. */
export function discriminatorOf({ discriminator }: JsonSchema): Discriminator | undefined {
  if (typeof discriminator === 'string') return named(discriminator, [])
  if (!isSchemaObject(discriminator) || typeof discriminator.propertyName !== 'string') return undefined
  const { propertyName, mapping } = discriminator
  const pairs = Object.entries(isSchemaObject(mapping) ? mapping : {}).slice(0, MOST_VALUES)
  return named(
    propertyName,
    pairs.flatMap(([value, target]) =>
      typeof target === 'string' && value.length <= LONGEST ? [[value, referenceTo(target)] as const] : [],
    ),
  )
}

function named(property: string, mapping: Discriminator['mapping']): Discriminator | undefined {
  return property === '__proto__' || property === '' || property.length > LONGEST ? undefined : { property, mapping }
}

/** A mapping leads to a schema by its name, or by a reference. */
function referenceTo(target: string): string {
  return /[#/]/.test(target) ? target : `#/components/schemas/${target}`
}

/**
 * Marks branches with the values that mean them. Those of a mapping are all there are; without one it is the name of the
 * schema, of which documents are not as sure, so that it is only an example.
 */
export function createMarker({ property, mapping }: Discriminator, resolve: Resolve): Marker {
  const known = new Map<unknown, string[]>()
  for (const [value, reference] of mapping) {
    const target = resolve(reference)
    known.set(target, [...(known.get(target) ?? []), value])
  }
  return (node, reference) => {
    const target = resolve(reference)
    const values = known.get(target)
    const own = Math.min(...partsOf(target, resolve).map((part) => valuesIn(part, property)))
    // What it says itself is as good.
    if (node.properties !== undefined || own <= (values?.length ?? MOST_VALUES)) return node
    const mark = values === undefined ? { examples: [nameIn(reference)] } : { enum: values }
    return { ...node, properties: { [property]: mark } }
  }
}

/** Marks a cleaned branch; `reference` is where it leads. */
type Marker = (node: JsonSchema, reference: string) => JsonSchema

type Resolve = (reference: string) => unknown

/** A schema and what it is made of. */
function partsOf(target: unknown, resolve: Resolve): readonly JsonSchema[] {
  if (!isSchemaObject(target)) return []
  const { allOf } = target
  const parts = Array.isArray(allOf) ? allOf.slice(0, MOST_PARTS).filter(isSchemaObject) : []
  return [target, ...parts.map(({ $ref, ...own }) => (typeof $ref === 'string' ? resolve($ref) : own))].filter(
    isSchemaObject,
  )
}

const MOST_PARTS = 20

/** How many values a schema allows for a property. */
function valuesIn({ properties }: JsonSchema, name: string): number {
  const own = isSchemaObject(properties) && Object.hasOwn(properties, name) ? properties[name] : undefined
  if (!isSchemaObject(own)) return Number.POSITIVE_INFINITY
  if (own.const !== undefined) return 1
  return Array.isArray(own.enum) ? own.enum.length : Number.POSITIVE_INFINITY
}
