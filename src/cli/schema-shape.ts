/** A JSON Schema as a server sends it: any object, to be read with care. */
export type Schema = Readonly<Record<string, unknown>>

/** One argument of a tool or prompt, for people. */
export interface Argument {
  readonly name: string
  readonly type: string
  readonly required: boolean
  readonly description: string
}

/** Whether a value is a JSON object. */
export function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The properties of an object schema, by name. */
export function propertiesOf(schema: Schema): ReadonlyMap<string, Schema> {
  const properties = isSchema(schema.properties) ? Object.entries(schema.properties) : []
  return new Map(properties.map(([name, property]) => [name, isSchema(property) ? property : {}]))
}

/** Follows `$ref` inside its document; an empty schema for one that leads nowhere. */
export function resolved(schema: Schema, root: Schema): Schema {
  let at: Schema = schema
  for (let hops = 0; typeof at.$ref === 'string' && hops < 16; hops++) {
    const target = at.$ref === '#' ? root : pointed(at.$ref, root)
    if (!isSchema(target)) return {}
    at = target
  }
  return at
}

/** What a local reference points at; undefined for one that leads nowhere or outside. */
export function pointed(ref: string, root: Schema): unknown {
  if (ref === '#') return root
  if (!ref.startsWith('#/')) return undefined
  let at: unknown = root
  for (const step of ref.slice(2).split('/')) {
    const key = decoded(step).replaceAll('~1', '/').replaceAll('~0', '~')
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, key)) return undefined
    at = Reflect.get(at, key)
  }
  return at
}

/** The JSON types that a schema allows; empty where it says nothing. */
export function typesOf(schema: Schema, root: Schema, depth = 0): ReadonlySet<string> {
  const { type, enum: values, anyOf, oneOf, allOf, ...rest } = resolved(schema, root)
  if (typeof type === 'string') return new Set([type])
  if (Array.isArray(type)) return new Set(type.filter((one) => typeof one === 'string'))
  if (Array.isArray(values)) return new Set(values.map(jsonType))
  if ('const' in rest) return new Set([jsonType(rest.const)])
  const members = [anyOf, oneOf, allOf].flatMap((list) => (Array.isArray(list) ? list.filter(isSchema) : []))
  return new Set(depth > 8 ? [] : members.flatMap((member) => [...typesOf(member, root, depth + 1)]))
}

/** The arguments that an object schema describes. */
export function argumentsOf(schema: Schema): Argument[] {
  const required = new Set(Array.isArray(schema.required) ? schema.required : [])
  return [...propertiesOf(schema)].map(([name, property]) => {
    const whole = { ...resolved(property, schema), ...property }
    const fallback = whole.default === undefined ? '' : ` = ${JSON.stringify(whole.default)}`
    return {
      name,
      type: `${typeName(property, schema)}${fallback}`,
      required: required.has(name),
      description: typeof whole.description === 'string' ? whole.description : '',
    }
  })
}

/** A type as a TypeScript author would write it, without going into objects. */
export function typeName(schema: Schema, root: Schema, depth = 0): string {
  const { enum: values, anyOf, oneOf, items, ...rest } = resolved(schema, root)
  if (Array.isArray(values)) return values.map((value) => JSON.stringify(value)).join(' | ')
  if ('const' in rest) return JSON.stringify(rest.const)
  const union = Array.isArray(anyOf) ? anyOf : Array.isArray(oneOf) ? oneOf : []
  if (union.length > 0 && depth < 4) {
    return [...new Set(union.filter(isSchema).map((member) => typeName(member, root, depth + 1)))].join(' | ')
  }
  const types = [...typesOf(schema, root)]
  if (types.length === 1 && types[0] === 'array' && isSchema(items) && depth < 4) {
    const item = typeName(items, root, depth + 1)
    return item.includes(' ') ? `(${item})[]` : `${item}[]`
  }
  return types.join(' | ') || 'any'
}

function decoded(step: string): string {
  try {
    return decodeURIComponent(step)
  } catch {
    return step
  }
}

function jsonType(value: unknown): string {
  if (value === null) return 'null'
  return Array.isArray(value) ? 'array' : typeof value
}
