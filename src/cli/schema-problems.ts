import { isSchema, pointed, propertiesOf, type Schema } from './schema-shape.ts'

/** What clients would stumble over in a schema. */
export interface SchemaProblem {
  /** Where: keywords from the root, as a JSON pointer. */
  readonly at: string
  readonly problem: string
}

const TYPES: ReadonlySet<unknown> = new Set(['string', 'number', 'integer', 'boolean', 'object', 'array', 'null'])
/** Keywords that hold one schema, a list of schemas, or schemas by name. */
const ONE = [
  'items',
  'additionalProperties',
  'not',
  'if',
  'then',
  'else',
  'contains',
  'propertyNames',
  'unevaluatedProperties',
]
const LIST = ['anyOf', 'oneOf', 'allOf', 'prefixItems']
const NAMED = ['properties', 'patternProperties', '$defs', 'definitions', 'dependentSchemas']

const DEEPEST = 64
const MOST = 20

/** Reads the input schema of a tool as a strict client would; a bounded list of what is wrong with it. */
export function inputProblems(schema: unknown): SchemaProblem[] {
  if (!isSchema(schema)) return [{ at: '', problem: 'is no JSON object' }]
  const root = schema.type === 'object' ? [] : [{ at: '', problem: 'type must be "object" at the root' }]
  return [...root, ...problemsIn(schema)].slice(0, MOST)
}

/** Reads any schema. */
export function problemsIn(root: Schema): SchemaProblem[] {
  const found: SchemaProblem[] = []
  const visit = (schema: unknown, at: string, depth: number): void => {
    if (typeof schema === 'boolean' || found.length >= MOST) return
    if (!isSchema(schema)) return void found.push({ at, problem: 'is no schema' })
    if (depth > DEEPEST) return void found.push({ at, problem: `nests deeper than ${DEEPEST} levels` })
    for (const problem of ownProblems(schema, root)) found.push({ at, problem })
    for (const [step, child] of children(schema)) visit(child, `${at}/${step}`, depth + 1)
  }
  visit(root, '', 0)
  return found.slice(0, MOST)
}

function children(schema: Schema): [step: string, child: unknown][] {
  const one = ONE.filter((key) => key in schema).map((key): [string, unknown] => [key, schema[key]])
  const list = LIST.flatMap((key) => entriesOf(key, Array.isArray(schema[key]) ? schema[key] : []))
  const named = NAMED.flatMap((key) => entriesOf(key, isSchema(schema[key]) ? schema[key] : {}))
  return [...one, ...list, ...named]
}

function entriesOf(key: string, values: object): [string, unknown][] {
  return Object.entries(values).map(([name, value]) => [`${key}/${name}`, value])
}

function ownProblems(schema: Schema, root: Schema): string[] {
  const { type, $ref, required, pattern } = schema
  const found: string[] = []
  const types = Array.isArray(type) ? type : type === undefined ? [] : [type]
  for (const one of types) if (!TYPES.has(one)) found.push(`type ${JSON.stringify(one)} is not a JSON Schema type`)
  if (typeof $ref === 'string') found.push(...refProblems($ref, root))
  if (Array.isArray(required) && isSchema(schema.properties)) {
    const known = propertiesOf(schema)
    for (const name of required)
      if (!known.has(String(name))) found.push(`requires "${name}", which it does not describe`)
  }
  if (Array.isArray(schema.enum) && schema.enum.length === 0) found.push('enum is empty, so nothing can be valid')
  if (typeof pattern === 'string' && !isPattern(pattern)) found.push('pattern is no regular expression')
  return found
}

function refProblems(ref: string, root: Schema): string[] {
  if (!ref.startsWith('#')) return [`$ref ${JSON.stringify(ref)} leads outside, which clients do not follow`]
  if (!ref.startsWith('#/') && ref !== '#') return []
  return pointed(ref, root) === undefined ? [`$ref ${JSON.stringify(ref)} leads nowhere`] : []
}

function isPattern(pattern: string): boolean {
  try {
    new RegExp(pattern, 'u')
    return true
  } catch {
    return false
  }
}
