import type { JsonSchema } from './json-schema.ts'
import { isSchemaObject } from './keywords.ts'
import type { References } from './references.ts'

/** One field of a form, in the words of `elicitation/create`. */
export interface Field {
  readonly type: 'string' | 'number' | 'integer' | 'boolean' | 'array'
  readonly title?: string
  readonly description?: string
  readonly [keyword: string]: unknown
}

const FORMATS: ReadonlySet<unknown> = new Set(['email', 'uri', 'date', 'date-time'])

/** A schema as a field of a form, or what is wrong with it, to be read after the name of the field. */
export function fieldOf(source: unknown, references: References): Field | string {
  const node = resolved(source, references)
  if (node === undefined) return 'accepts anything; say what it is, such as a string'
  const choices = choicesIn(node, references)
  if (typeof choices === 'string') return choices
  if (choices !== undefined)
    return { type: 'string', ...about(node), ...choiceKeywords(choices, node), ...preset(node, 'string') }
  const { type } = node
  if (Array.isArray(type)) return listWords(type)
  switch (type) {
    case 'string':
      return { type, ...about(node), ...lengths(node), ...formatOf(node), ...preset(node, 'string') }
    case 'number':
    case 'integer':
      return { type, ...about(node), ...bounds(node), ...preset(node, 'number') }
    case 'boolean':
      return { type, ...about(node), ...preset(node, 'boolean') }
    case 'array':
      return severalOf(node, references)
    case 'object':
      return 'is an object; a form is flat, so ask for its parts as fields of their own'
    default:
      return `is ${type === undefined ? 'of no single type' : `of type ${String(type)}`}; a form has strings, numbers, booleans and choices`
  }
}

function listWords(types: readonly unknown[]): string {
  return types.includes('null')
    ? 'may be null; a form has no null, so make it optional instead'
    : `is of the types ${types.join(' and ')}; a form has one type per field`
}

/** Several choices of a list. */
function severalOf(node: JsonSchema, references: References): Field | string {
  const items = resolved(node.items, references)
  const choices = items === undefined ? undefined : choicesIn(items, references)
  if (typeof choices === 'string') return choices
  if (choices === undefined)
    return 'is a list of anything; a form has lists of choices only, as in z.array(z.enum([…]))'
  const titled = choices.some(({ title }) => title !== undefined)
  return {
    type: 'array',
    ...about(node),
    ...numberAt(node, 'minItems'),
    ...numberAt(node, 'maxItems'),
    items: titled ? { anyOf: titledChoices(choices) } : { type: 'string', enum: choices.map(({ value }) => value) },
    ...(isListOfTexts(node.default) && { default: node.default }),
  }
}

interface Choice {
  readonly value: string
  readonly title: string | undefined
}

/** The values that a schema lists; undefined if it lists none. */
function choicesIn(node: JsonSchema, references: References): readonly Choice[] | string | undefined {
  const { enum: values, enumNames } = node
  if (Array.isArray(values)) {
    const names: readonly unknown[] = Array.isArray(enumNames) ? enumNames : []
    return checked(values.map((value, index) => ({ value, title: names[index] })))
  }
  if (typeof node.const === 'string') return [{ value: node.const, title: undefined }]
  const branches = node.oneOf ?? node.anyOf
  if (!Array.isArray(branches)) return undefined
  const found = branches.map((branch) => resolved(branch, references))
  if (found.some((branch) => branch?.type === 'null')) return listWords(['null'])
  const isList = found.every((branch) => branch !== undefined && 'const' in branch)
  if (!isList) return 'is one of several schemas; a form has one type per field, or a choice of strings'
  return checked(found.map((branch) => ({ value: branch?.const, title: branch?.title })))
}

function checked(found: readonly { readonly value: unknown; readonly title: unknown }[]): readonly Choice[] | string {
  const choices: Choice[] = []
  for (const { value, title } of found) {
    if (typeof value !== 'string') return 'has a choice that is no string; a form can offer strings only'
    choices.push({ value, title: typeof title === 'string' ? title : undefined })
  }
  return choices.length > 0 ? choices : 'has nothing to choose from'
}

/** `enumNames` written by hand stay what they are: older clients know nothing else. */
function choiceKeywords(choices: readonly Choice[], node: JsonSchema): JsonSchema {
  const values = choices.map(({ value }) => value)
  const names = choices.map(({ value, title }) => title ?? value)
  if (choices.every(({ title }) => title === undefined)) return { enum: values }
  return node.enumNames === undefined ? { oneOf: titledChoices(choices) } : { enum: values, enumNames: names }
}

function titledChoices(choices: readonly Choice[]): readonly JsonSchema[] {
  return choices.map(({ value, title }) => ({ const: value, title: title ?? value }))
}

/** The values that a field lets choose from; undefined where it is no choice. */
export function choiceWords({ enum: values, oneOf }: Field): readonly unknown[] | undefined {
  if (Array.isArray(values)) return values
  return Array.isArray(oneOf) ? oneOf : undefined
}

/** A schema with what it refers to; what stands beside the reference wins. Undefined for what is no schema with keywords. */
function resolved(source: unknown, references: References): JsonSchema | undefined {
  let node: JsonSchema = {}
  let next: unknown = source
  for (let hops = 0; isSchemaObject(next) && hops < MOST_HOPS; hops++) {
    node = { ...next, ...node }
    next = references.get(next)
  }
  const { $ref: _, ...merged } = node
  return Object.keys(merged).length > 0 ? merged : undefined
}

const MOST_HOPS = 16

function about({ title, description }: JsonSchema): { title?: string; description?: string } {
  return { ...(typeof title === 'string' && { title }), ...(typeof description === 'string' && { description }) }
}

function lengths(node: JsonSchema): JsonSchema {
  return { ...numberAt(node, 'minLength'), ...numberAt(node, 'maxLength') }
}

function formatOf({ format }: JsonSchema): JsonSchema {
  return FORMATS.has(format) ? { format } : {}
}

/** Bounds that only say what fits a number are none; exclusive ones a form cannot say, but for whole numbers. */
function bounds(node: JsonSchema): JsonSchema {
  const { type, minimum, maximum, exclusiveMinimum, exclusiveMaximum } = node
  const least = type === 'integer' && typeof exclusiveMinimum === 'number' ? exclusiveMinimum + 1 : minimum
  const most = type === 'integer' && typeof exclusiveMaximum === 'number' ? exclusiveMaximum - 1 : maximum
  return {
    ...(typeof least === 'number' && least > Number.MIN_SAFE_INTEGER && { minimum: least }),
    ...(typeof most === 'number' && most < Number.MAX_SAFE_INTEGER && { maximum: most }),
  }
}

function numberAt(node: JsonSchema, keyword: string): JsonSchema {
  return typeof node[keyword] === 'number' ? { [keyword]: node[keyword] } : {}
}

function preset({ default: value }: JsonSchema, type: 'string' | 'number' | 'boolean'): JsonSchema {
  return typeof value === type ? { default: value } : {}
}

function isListOfTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string')
}
