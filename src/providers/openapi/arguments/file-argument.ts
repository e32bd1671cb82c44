import type { JsonSchema } from '../../../schema/json-schema.ts'
import { freezeSchema } from '../schemas/freeze-schema.ts'

const BASE64: JsonSchema = { type: 'string', contentEncoding: 'base64' }

/** The two forms in which an argument holds a file. */
const FILE_FORMS: readonly JsonSchema[] = freezeSchema(formsOf(BASE64))

/** The schema of an argument that is a file: its bytes in base64, or an object with them, a name and a media type. */
export const FILE_SCHEMA: JsonSchema = freezeSchema({ anyOf: FILE_FORMS })

/** The same with the limits of a schema of a document, which count bytes, or characters where base64 is what is sent. */
export function limitedFile({ minLength, maxLength, contentEncoding }: JsonSchema): JsonSchema {
  const lengths = Object.entries({ minLength, maxLength }).flatMap(([keyword, count]) => {
    const length = typeof count !== 'number' || contentEncoding === 'base64' ? count : 4 * Math.ceil(count / 3)
    return Number.isSafeInteger(length) ? [[keyword, length] as const] : []
  })
  if (lengths.length === 0) return FILE_SCHEMA
  const forms = formsOf({ ...BASE64, ...Object.fromEntries(lengths) })
  FORMS.add(forms)
  return { anyOf: forms }
}

/** The forms of all arguments that are files. */
const FORMS = new WeakSet<object>([FILE_FORMS])

/** Whether a schema is one that was made here for a file, whatever stands beside its forms. */
export function isFileArgument({ anyOf }: JsonSchema): boolean {
  return Array.isArray(anyOf) && FORMS.has(anyOf)
}

function formsOf(base64: JsonSchema): readonly JsonSchema[] {
  return [
    { ...base64, description: 'The bytes in base64' },
    {
      type: 'object',
      properties: { base64, filename: { type: 'string' }, contentType: { type: 'string' } },
      required: ['base64'],
      additionalProperties: false,
    },
  ]
}

/** Whether a schema is that of a file: `FILE_SCHEMA`, or what documents write for one. */
export function isFileSchema(schema: unknown): boolean {
  if (typeof schema !== 'object' || schema === null) return false
  const { anyOf, type, format, contentMediaType, contentEncoding } = schema as JsonSchema // members of any object can be read
  if (Array.isArray(anyOf) && anyOf.some(isFileForm)) return true
  const types = Array.isArray(type) ? type.filter((each) => each !== 'null') : [type]
  if (types.some((each) => each !== undefined && each !== 'string')) return false
  if (format === 'binary') return true
  return typeof contentMediaType === 'string' && contentEncoding === undefined && !isText(contentMediaType)
}

/** Copies are files too. */
function isFileForm(form: unknown): boolean {
  if (typeof form !== 'object' || form === null || !('properties' in form) || !('required' in form)) return false
  const { properties, required } = form
  const hasBytes = typeof properties === 'object' && properties !== null && Object.hasOwn(properties, 'base64')
  return hasBytes && Array.isArray(required) && required.includes('base64')
}

function isText(mediaType: string): boolean {
  return /^text\/|[/+](?:json|xml)\b/.test(mediaType)
}
