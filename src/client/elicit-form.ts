import type { JsonSchema } from '../protocol/definitions.ts'
import { isRecord } from '../protocol/json-rpc.ts'
import { type Choice, type FormContent, type FormField, problemWith, type TextField } from './form-field.ts'

/** A form for the user to fill in. */
export interface FieldForm {
  readonly mode: 'form'
  readonly fields: readonly FormField[]
  /** The defaults of all fields that have one: a form to start from, or an answer. */
  readonly defaults: FormContent
  /** The JSON Schema that the fields were read from, as the server sent it. */
  readonly schema: JsonSchema
  readonly url?: undefined
}

/** An address for the user to visit. Do not fetch it, and open it only after a yes. */
export interface UrlForm {
  readonly mode: 'url'
  /** As the server sent it: check what you do with it. */
  readonly url: string
  /**
   * True when the call is made again right after a yes, and should then find done what there is to
   * do at the address: answer when the user is back. Otherwise a yes is enough, and the server waits.
   */
  readonly whenDone: boolean
  readonly fields: readonly []
  readonly defaults: FormContent
}

/** What a server asks of the user. */
export type ElicitForm = FieldForm | UrlForm

/** Reads the parameters of `elicitation/create`; undefined if they are none. `whenDone` is for addresses. */
export function readForm(params: Readonly<Record<string, unknown>>, whenDone: boolean): ElicitForm | undefined {
  if (params.mode === 'url') {
    return typeof params.url === 'string'
      ? { mode: 'url', url: params.url, whenDone, fields: [], defaults: {} }
      : undefined
  }
  const { requestedSchema: schema } = params
  if (!isRecord(schema) || !isRecord(schema.properties)) return undefined
  const required = Array.isArray(schema.required) ? schema.required : []
  const fields: FormField[] = []
  for (const [name, json] of Object.entries(schema.properties)) {
    const field = isRecord(json) ? readField(name, json, required.includes(name)) : undefined
    if (field === undefined) return undefined
    fields.push(withDefault(field, isRecord(json) ? json.default : undefined))
  }
  return { mode: 'form', fields, defaults: defaultsOf(fields), schema }
}

/** `fromEntries` and not assignment: a field may be called `__proto__`. */
function defaultsOf(fields: readonly FormField[]): FormContent {
  return Object.fromEntries(
    fields.flatMap((field) => (field.default === undefined ? [] : [[field.name, field.default]])),
  )
}

type Json = Readonly<Record<string, unknown>>

function readField(name: string, json: Json, required: boolean): FormField | undefined {
  const { title = name, description } = json
  const common = { name, title: String(title), required, ...(typeof description === 'string' && { description }) }
  switch (json.type) {
    case 'boolean':
      return { ...common, type: json.type }
    case 'number':
    case 'integer':
      return { ...common, type: json.type, ...numbers(json, { minimum: 'min', maximum: 'max' }) }
    case 'string':
      return readText(json, common)
    case 'array': {
      const choices = isRecord(json.items) ? readChoices(json.items) : undefined
      return (
        choices && { ...common, type: 'multi-enum', choices, ...numbers(json, { minItems: 'min', maxItems: 'max' }) }
      )
    }
    default:
      return undefined
  }
}

function readText(json: Json, common: Omit<TextField, 'type'>): FormField {
  const choices = readChoices(json)
  if (choices) return { ...common, type: 'enum', choices }
  const { format } = json
  if (format === 'date' || format === 'date-time') return { ...common, type: 'date', format }
  const lengths = numbers(json, { minLength: 'minLength', maxLength: 'maxLength' })
  return { ...common, type: 'string', ...lengths, ...((format === 'email' || format === 'uri') && { format }) }
}

/** Choices as any revision writes them: `enum`, `enum` with `enumNames`, or constants with titles. */
function readChoices({ enum: values, enumNames, oneOf, anyOf }: Json): readonly Choice[] | undefined {
  if (Array.isArray(values)) {
    const names: readonly unknown[] = Array.isArray(enumNames) ? enumNames : []
    return values.map((value, index) => ({ value: String(value), title: String(names[index] ?? value) }))
  }
  const constants = oneOf ?? anyOf
  if (!Array.isArray(constants)) return undefined
  return constants
    .filter(isRecord)
    .map((each) => ({ value: String(each.const), title: String(each.title ?? each.const) }))
}

/** The keywords of `names` that are numbers, by the names that they have here. */
function numbers<Name extends string>(
  json: Json,
  names: Readonly<Record<string, Name>>,
): { readonly [N in Name]?: number } {
  const found = Object.entries(names).filter(([keyword]) => typeof json[keyword] === 'number')
  return Object.fromEntries(found.map(([keyword, name]) => [name, json[keyword]])) as { [N in Name]?: number } // fromEntries loses the names
}

/** A default that its own field refuses would only have to be taken out again. */
function withDefault(field: FormField, value: unknown): FormField {
  if (value === undefined || problemWith(field, value) !== undefined) return field
  return { ...field, default: value } as FormField // it was just checked against the field
}
