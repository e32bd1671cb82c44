import type { ToolDefinition } from '../../protocol/definitions.ts'

const DEEPEST = 8
const LONGEST = 20_000
const MOST_VALUES = 50

/** The tools as declarations of TypeScript, for a model that writes code against them. */
export function typingsOf(tools: readonly ToolDefinition[]): string {
  return `declare const tools: {\n${tools.map(methodOf).join('\n')}\n}`
}

function methodOf({ name, title, description, inputSchema, outputSchema }: ToolDefinition): string {
  const args = typeOf(inputSchema, { root: inputSchema, depth: 1 })
  const optional = hasRequired(inputSchema) ? '' : '?'
  const result = outputSchema === undefined ? 'unknown' : typeOf(outputSchema, { root: outputSchema, depth: 1 })
  const line = `${doc(description ?? title, 1)}  ${keyOf(name)}(args${optional}: ${args}): Promise<${result}>`
  return line.length > LONGEST
    ? `${doc(description, 1)}  ${keyOf(name)}(args: object): Promise<unknown> // too large to show`
    : line
}

interface Place {
  /** What references lead into. */
  readonly root: unknown
  readonly depth: number
}

/** A schema, unchecked. */
type Schema = Readonly<Record<string, unknown>>

function typeOf(schema: unknown, place: Place): string {
  if (schema === false) return 'never'
  if (!isRecord(schema) || place.depth > DEEPEST) return 'unknown'
  if (typeof schema.$ref === 'string')
    return typeOf(leadsTo(schema.$ref, place.root), { ...place, depth: place.depth + 1 })
  if ('const' in schema) return literal(schema.const)
  if (Array.isArray(schema.enum)) return union(schema.enum.slice(0, MOST_VALUES).map(literal))
  const branches = listOf(schema.anyOf) ?? listOf(schema.oneOf)
  if (branches !== undefined) return union(branches.map((branch) => typeOf(branch, place)))
  const all = listOf(schema.allOf)
  if (all !== undefined) {
    const { allOf: _, ...rest } = schema
    const parts = [rest, ...all].map((part) => typeOf(part, place)).filter((part) => part !== 'unknown')
    return parts.length === 0 ? 'unknown' : [...new Set(parts)].join(' & ')
  }
  const types = Array.isArray(schema.type)
    ? schema.type
    : [schema.type ?? (isRecord(schema.properties) ? 'object' : undefined)]
  return union(types.map((type) => plainType(type, schema, place)))
}

const PLAIN: Readonly<Record<string, string>> = {
  string: 'string',
  number: 'number',
  integer: 'number',
  boolean: 'boolean',
  null: 'null',
}

function plainType(type: unknown, schema: Schema, place: Place): string {
  if (type === 'object') return objectType(schema, place)
  if (type === 'array') return arrayType(schema, place)
  return typeof type === 'string' && Object.hasOwn(PLAIN, type) ? (PLAIN[type] ?? 'unknown') : 'unknown'
}

function arrayType({ items, prefixItems }: Schema, place: Place): string {
  const inner = { ...place, depth: place.depth + 1 }
  const fixed = listOf(prefixItems)
  if (fixed !== undefined) return `[${fixed.map((item) => typeOf(item, inner)).join(', ')}]`
  const item = typeOf(items, inner)
  return /[|&]/.test(item) ? `(${item})[]` : `${item}[]`
}

function objectType({ properties, required, additionalProperties }: Schema, { root, depth }: Place): string {
  const members = isRecord(properties) ? Object.entries(properties) : []
  const inner = { root, depth: depth + 1 }
  if (members.length === 0) {
    return additionalProperties === false ? '{}' : `Record<string, ${typeOf(additionalProperties, inner)}>`
  }
  const needed: readonly unknown[] = Array.isArray(required) ? required : []
  const pad = '  '.repeat(depth + 1)
  const lines = members.map(([key, member]) => {
    const words = isRecord(member) && typeof member.description === 'string' ? member.description : undefined
    const mark = needed.includes(key) ? '' : '?'
    return `${doc(words, depth + 1)}${pad}${keyOf(key)}${mark}: ${typeOf(member, inner)}`
  })
  return `{\n${lines.join('\n')}\n${'  '.repeat(depth)}}`
}

function doc(words: string | undefined, depth: number): string {
  if (words === undefined || words.trim() === '') return ''
  const clean = words.replaceAll('*/', '*\\/').replace(/\s+/g, ' ').trim()
  return `${'  '.repeat(depth)}/** ${clean.length > 500 ? `${clean.slice(0, 500)}…` : clean} */\n`
}

function keyOf(name: string): string {
  return /^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(name) ? name : JSON.stringify(name)
}

function literal(value: unknown): string {
  return JSON.stringify(value) ?? 'unknown'
}

function union(types: readonly string[]): string {
  const all = [...new Set(types)]
  return all.includes('unknown') || all.length === 0 ? 'unknown' : all.join(' | ')
}

function leadsTo(reference: string, root: unknown): unknown {
  if (reference === '#') return root
  if (!reference.startsWith('#/')) return undefined
  let at: unknown = root
  for (const step of reference.slice(2).split('/')) {
    const key = step.replaceAll('~1', '/').replaceAll('~0', '~')
    at = isRecord(at) && Object.hasOwn(at, key) ? at[key] : undefined
  }
  return at
}

function hasRequired({ required }: Schema): boolean {
  return Array.isArray(required) && required.length > 0
}

function listOf(value: unknown): readonly unknown[] | undefined {
  return Array.isArray(value) && value.length > 0 ? value : undefined
}

function isRecord(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
