import type { ToolDefinition } from '../../protocol/definitions.ts'

const DEEPEST = 8
const LONGEST = 20_000
const MOST_VALUES = 50
const MOST_LINKS = 100
const LONGEST_INLINE = 60

/** The tools as declarations of TypeScript, for a model that writes code against them. */
export function typingsOf(tools: readonly ToolDefinition[]): string {
  const taken = new Set(['Record', 'Promise'])
  const types: string[] = []
  const methods = tools.map((tool) => methodOf(tool, taken, types))
  return [...types, `declare const tools: {\n${methods.join('\n')}\n}`].join('\n')
}

function methodOf(tool: ToolDefinition, taken: Set<string>, types: string[]): string {
  const { name, title, description, inputSchema, outputSchema } = tool
  const args = wholeType(inputSchema, taken)
  const result = outputSchema === undefined ? undefined : wholeType(outputSchema, taken)
  types.push(...(args?.types ?? []), ...(result?.types ?? []))
  const optional = args === undefined || hasRequired(inputSchema) ? '' : '?'
  const isCut = args === undefined || (outputSchema !== undefined && result === undefined)
  return (
    `${doc(description ?? title, 1)}  ${keyOf(name)}(args${optional}: ${args?.text ?? 'object'}): ` +
    `Promise<${result?.text ?? 'unknown'}>${isCut ? ' // too large to show' : ''}`
  )
}

/** A type, with the named ones that it uses. */
interface Written {
  readonly text: string
  readonly types: readonly string[]
}

/** The type of a whole schema; undefined where it is too large to show. */
function wholeType(root: unknown, taken: Set<string>): Written | undefined {
  const types: string[] = []
  const text = typeOf(root, { root, depth: 1, taken, types, named: new Map(), links: 0 })
  return types.reduce((sum, { length }) => sum + length, text.length) > LONGEST ? undefined : { text, types }
}

interface Place {
  /** What references lead into. */
  readonly root: unknown
  readonly depth: number
  /** How many references led here, one inside the other. */
  readonly links: number
  /** What references lead to, each worked out once. */
  readonly named: Map<string, Named>
  readonly taken: Set<string>
  readonly types: string[]
}

/** What a reference leads to. */
interface Named {
  /** Undefined while it is worked out, and what is inside leads to it again. */
  text?: string
  /** Where it is declared by a name. */
  name?: string
}

/** A schema, unchecked. */
type Schema = Readonly<Record<string, unknown>>

function typeOf(schema: unknown, place: Place): string {
  if (schema === false) return 'never'
  if (!isRecord(schema) || place.depth > DEEPEST) return 'unknown'
  if (typeof schema.$ref === 'string') return referred(schema.$ref, place)
  if ('const' in schema) return literal(schema.const)
  if (Array.isArray(schema.enum)) return union(schema.enum.slice(0, MOST_VALUES).map(literal))
  const branches = listOf(schema.anyOf) ?? listOf(schema.oneOf)
  if (branches !== undefined) return union(branches.map((branch) => typeOf(branch, place)))
  const all = listOf(schema.allOf)
  if (all !== undefined) {
    const { allOf: _, ...rest } = schema
    const parts = [rest, ...all].map((part) => typeOf(part, place)).filter((part) => part !== 'unknown')
    const distinct = [...new Set(parts)]
    if (distinct.length === 0) return 'unknown'
    return distinct.length === 1 ? distinct.join() : distinct.map(grouped).join(' & ')
  }
  const types = Array.isArray(schema.type)
    ? schema.type
    : [schema.type ?? (isRecord(schema.properties) ? 'object' : undefined)]
  return union(types.map((type) => plainType(type, schema, place)))
}

/** Short types stand where they are used; long ones, and those that lead to themselves, are declared once by a name. */
function referred(reference: string, place: Place): string {
  const known = place.named.get(reference)
  if (known?.text !== undefined) return shownAs(known)
  if (known !== undefined) {
    known.name ??= freeName(reference, place)
    return known.name
  }
  if (place.links >= MOST_LINKS) return 'unknown'
  const named: Named = {}
  place.named.set(reference, named)
  const text = typeOf(leadsTo(reference, place.root), { ...place, depth: 0, links: place.links + 1 })
  if (text.length > LONGEST_INLINE) named.name ??= freeName(reference, place)
  if (named.name !== undefined) place.types.push(`type ${named.name} = ${text}`)
  named.text = text
  return shownAs(named)
}

function shownAs({ name, text = 'unknown' }: Named): string {
  return name ?? text
}

function freeName(reference: string, { taken }: Place): string {
  const last = reference.slice(reference.lastIndexOf('/') + 1).replace(/\W+/g, '_')
  const wanted = /^[A-Za-z]/.test(last) ? `${last.charAt(0).toUpperCase()}${last.slice(1, 60)}` : 'Type'
  let name = wanted
  for (let n = 2; taken.has(name); n++) name = `${wanted}${n}`
  taken.add(name)
  return name
}

/** A type of several as one, for what binds closer. */
function grouped(type: string): string {
  return /[|&]/.test(type) ? `(${type})` : type
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
  return `${grouped(item)}[]`
}

function objectType({ properties, required, additionalProperties }: Schema, place: Place): string {
  const { depth } = place
  const members = isRecord(properties) ? Object.entries(properties) : []
  const inner = { ...place, depth: depth + 1 }
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
