import { isRecord } from '../../../protocol/json-rpc.ts'

type Members = Readonly<Record<string, unknown>>

/** Whether a parameter of Swagger 2.0 is the body, or a field of a form. */
export function isInBody(parameter: unknown): parameter is Members {
  return isRecord(parameter) && (parameter.in === 'body' || parameter.in === 'formData')
}

/** How lists are written in the words of OpenAPI 3; what it has no word for is written by ours. */
export const LIST_STYLES: ReadonlyMap<unknown, Members> = new Map([
  ['multi', { style: 'form', explode: true }],
  ['ssv', { style: 'spaceDelimited', explode: false }],
  ['tsv', { style: 'tabDelimited', explode: false }],
  ['pipes', { style: 'pipeDelimited', explode: false }],
])

/** The parameters of a body as the `requestBody` of OpenAPI 3.0; undefined where there are none. */
export function requestBodyOf(
  parameters: readonly Members[],
  consumes: readonly string[] | undefined,
  share: (schema: Members) => Members,
): Members | undefined {
  const body = parameters.find((parameter) => parameter.in === 'body')
  if (body !== undefined) return wholeBody(body, consumes ?? ['application/json'], share)
  const fields = new Map(parameters.flatMap((field) => (typeof field.name === 'string' ? [[field.name, field]] : [])))
  return fields.size === 0 ? undefined : form([...fields.values()], consumes ?? [])
}

function wholeBody(body: Members, consumes: readonly string[], share: (schema: Members) => Members): Members {
  const { description, required, schema } = body
  const media = isRecord(schema) ? { schema: consumes.length > 1 ? share(schema) : schema } : {}
  return { description, required, content: Object.fromEntries(consumes.map((type) => [type, media])) }
}

const MULTIPART = 'multipart/form-data'
const URLENCODED = 'application/x-www-form-urlencoded'

function form(fields: readonly Members[], consumes: readonly string[]): Members {
  const hasFile = fields.some(({ type, items }) => type === 'file' || (isRecord(items) && items.type === 'file'))
  const allowed = hasFile ? [MULTIPART] : [MULTIPART, URLENCODED]
  const named = consumes.filter((type) => allowed.includes(type.toLowerCase()))
  const types = named.length > 0 ? named : [hasFile ? MULTIPART : URLENCODED]
  const required = fields.filter((field) => field.required === true).map((field) => field.name)
  const schema = {
    type: 'object',
    properties: Object.fromEntries(
      fields.map((field) => [field.name, isRecord(field.schema) ? field.schema : fieldSchema(field)]),
    ),
    ...(required.length > 0 && { required }),
  }
  const encoding = Object.fromEntries(fields.flatMap((field) => encodingOf(field)))
  return {
    required: required.length > 0,
    content: Object.fromEntries(types.map((type) => [type, { schema, encoding }])),
  }
}

/** The schema of a field of a form. */
export function fieldSchema(field: Members): Members {
  const {
    name: _name,
    in: _in,
    required: _required,
    collectionFormat: _format,
    allowEmptyValue: _empty,
    ...rest
  } = field
  return rest
}

function encodingOf({ name, type, collectionFormat }: Members): readonly (readonly [string, Members])[] {
  if (type !== 'array' || typeof name !== 'string') return []
  return [[name, LIST_STYLES.get(collectionFormat) ?? { style: 'form', explode: false }]]
}
