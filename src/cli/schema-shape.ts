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
export function typesOf(schema: Schema, root: Schema): ReadonlySet<string> {
  const types = new Set<string>()
  // Each schema is looked at once, however they refer to each other; the set grows while it is walked.
  const seen = new Set([resolved(schema, root)])
  for (const { type, enum: values, anyOf, oneOf, allOf, ...rest } of seen) {
    if (typeof type === 'string') types.add(type)
    else if (Array.isArray(type)) for (const one of type) types.add(String(one))
    else if (Array.isArray(values)) for (const value of values) types.add(jsonType(value))
    else if ('const' in rest) types.add(jsonType(rest.const))
    else for (const member of [anyOf, oneOf, allOf].flatMap(schemasIn)) seen.add(resolved(member, root))
  }
  return types
}

function schemasIn(list: unknown): Schema[] {
  return Array.isArray(list) ? list.filter(isSchema) : []
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

const DEEPEST = 3
const MOST_MEMBERS = 8

/** A type as a TypeScript author would write it, without going into objects. */
export function typeName(schema: Schema, root: Schema, depth = 0): string {
  const { enum: values, anyOf, oneOf, items, ...rest } = resolved(schema, root)
  if (Array.isArray(values)) return union(values.map((value) => JSON.stringify(value)))
  if ('const' in rest) return JSON.stringify(rest.const)
  const members = schemasIn(anyOf ?? oneOf)
  if (depth > DEEPEST) return '…'
  if (members.length > 0) {
    return union(members.slice(0, MOST_MEMBERS + 1).map((member) => typeName(member, root, depth + 1)))
  }
  const types = [...typesOf(schema, root)]
  if (types.length !== 1 || types[0] !== 'array' || !isSchema(items)) return types.join(' | ') || 'any'
  const item = typeName(items, root, depth + 1)
  return item.includes(' ') ? `(${item})[]` : `${item}[]`
}

function union(names: readonly string[]): string {
  const different = [...new Set(names)]
  const shown = different.slice(0, MOST_MEMBERS)
  return [...shown, ...(different.length > shown.length ? ['…'] : [])].join(' | ')
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
