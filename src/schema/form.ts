import { compileInput } from './compile.ts'
import { choiceWords, type Field, fieldOf } from './form-field.ts'
import { looksSecret } from './form-secrets.ts'
import type { JsonSchema } from './json-schema.ts'
import { isSchemaObject } from './keywords.ts'
import { referencesOf } from './references.ts'
import type { AnySchema, CompiledSchema } from './schema.ts'
import { SchemaError } from './schema-error.ts'

/** A schema as a form that a client can show to a person. */
export interface Form {
  /** The flat schema of strings, numbers, booleans and choices that travels. */
  readonly requested: JsonSchema
  /** What checks the answer; it may demand more than a form can say. */
  readonly schema: CompiledSchema
  /** The fields that seem to want a secret, which no form may ask for. */
  readonly secrets: readonly string[]
}

const known = new WeakMap<AnySchema, Form>()

/**
 * Makes a form of a schema, once per schema. What JSON Schema says beyond a form, such as a pattern,
 * is left to the check of the answer. Throws `SchemaError` naming the field for what no form can ask.
 */
export function formOf(schema: AnySchema): Form {
  let form = known.get(schema)
  if (form === undefined) {
    form = makeForm(schema)
    known.set(schema, form)
  }
  return form
}

function makeForm(schema: AnySchema): Form {
  const compiled = compileInput(schema)
  const { properties, required } = rootOf(compiled.json)
  const references = referencesOf(compiled.json)
  const fields = Object.entries(properties).map(([name, node]) => {
    const field = fieldOf(node, references)
    if (typeof field === 'string') throw new SchemaError(`field "${name}" ${field}`)
    return [name, field] as const
  })
  const names = Array.isArray(required) ? required.filter((name) => Object.hasOwn(properties, String(name))) : []
  return Object.freeze({
    requested: {
      type: 'object',
      properties: Object.fromEntries(fields),
      ...(names.length > 0 && { required: names }),
    },
    schema: compiled,
    secrets: fields.filter(([name, field]) => isSecret(name, field, properties[name])).map(([name]) => name),
  })
}

/** A choice holds nothing that was not known before, and a yes or no no secret. */
function isSecret(name: string, field: Field, source: unknown): boolean {
  const isFree = (field.type === 'string' && choiceWords(field) === undefined) || isNumber(field)
  if (!isFree) return false
  return looksSecret(name) || looksSecret(field.title ?? '') || (isSchemaObject(source) && source.format === 'password')
}

function isNumber({ type }: Field): boolean {
  return type === 'number' || type === 'integer'
}

function rootOf(json: JsonSchema): { readonly properties: JsonSchema; readonly required: unknown } {
  const target = referencesOf(json).get(json)
  const root = isSchemaObject(target) ? { ...target, ...json } : json
  const { type, properties = {}, required } = root
  if (type !== 'object' || !isSchemaObject(properties)) {
    throw new SchemaError(
      'is no object with fields; a form asks for the fields of one, as in z.object({ name: z.string() })',
    )
  }
  if (root.anyOf !== undefined || root.oneOf !== undefined || root.allOf !== undefined) {
    throw new SchemaError('is put together from several schemas; a form needs one object with all the fields')
  }
  return { properties, required }
}
