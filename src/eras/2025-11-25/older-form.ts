import { McpError } from '../../protocol/errors.ts'
import { isRecord, type Params } from '../../protocol/json-rpc.ts'

/**
 * The parameters of a form for clients that know neither modes nor titles of choices nor several choices
 * (2025-06-18 client/elicitation). Throws where a field cannot be asked of them at all.
 */
export function olderForm({ mode: _, ...params }: Params): Params {
  const { requestedSchema } = params
  if (!isRecord(requestedSchema) || !isRecord(requestedSchema.properties)) return params
  const fields = Object.entries(requestedSchema.properties).map(([name, field]) => [name, olderField(name, field)])
  return { ...params, requestedSchema: { ...requestedSchema, properties: Object.fromEntries(fields) } }
}

function olderField(name: string, field: unknown): unknown {
  if (!isRecord(field)) return field
  if (field.type === 'array') {
    const words = `The form lets choose several of "${name.slice(0, 100)}", which this client cannot show: its protocol revision is too old`
    throw new McpError('MISSING_CLIENT_CAPABILITY', words, {
      data: { requiredCapabilities: { elicitation: { form: {} } } },
    })
  }
  const { oneOf, ...rest } = field
  if (!Array.isArray(oneOf)) return field
  const choices = oneOf.filter(isRecord)
  return { ...rest, enum: choices.map((choice) => choice.const), enumNames: choices.map(({ title }) => title) }
}
