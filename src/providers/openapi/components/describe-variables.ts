import { isRecord } from '../../../protocol/json-rpc.ts'
import type { JsonSchema } from '../../../schema/json-schema.ts'
import { referencesOf } from '../../../schema/references.ts'
import { typesOf, valuesOf } from '../../../schema/typing.ts'
import { shorten } from '../names/shorten.ts'
import type { UriVariable, UriVariables } from './uri-variables.ts'

const MOST_VARIABLES = 12
const MOST_CHOICES = 8
const LONGEST = 80

/**
 * The description of a template with a line for each of its variables: nothing else of a template tells a client what
 * may stand there.
 */
export function describeVariables(
  description: string | undefined,
  { path, query }: UriVariables,
  json: JsonSchema,
): string {
  const all = [...path, ...query]
  const lines = all.slice(0, MOST_VARIABLES).map((variable) => lineOf(variable, json))
  if (all.length > MOST_VARIABLES) lines.push(`- and ${all.length - MOST_VARIABLES} more`)
  return [...(description === undefined || description === '' ? [] : [description, '']), ...lines].join('\n')
}

function lineOf({ name, parameter }: UriVariable, json: JsonSchema): string {
  const [sentence = ''] = (parameter.description ?? '').trim().split(/\n|(?<=\.)\s/, 1)
  const said = shorten(sentence, LONGEST).replace(/\.$/, '')
  const kind = kindOf(name, json)
  const facts = [kind, ...(parameter.required && parameter.in !== 'path' ? ['required'] : [])].filter(Boolean)
  return `- ${name}${facts.length > 0 ? ` (${facts.join(', ')})` : ''}${said === '' ? '' : `: ${said}`}`
}

function kindOf(name: string, json: JsonSchema): string {
  const property = isRecord(json.properties) ? json.properties[name] : undefined
  const references = referencesOf(json)
  const values = valuesOf(property, references)?.filter((value) => value !== null && typeof value !== 'object')
  if (values !== undefined && values.length > 0) {
    const shown = values.slice(0, MOST_CHOICES).join(' | ')
    return values.length > MOST_CHOICES ? `${shown} | …` : shown
  }
  const types = [...(typesOf(property, references) ?? [])].filter((type) => type !== 'null')
  if (types.length !== 1 || types[0] === 'string') return ''
  return types[0] === 'object' ? 'JSON' : types[0] === 'array' ? 'list' : (types[0] ?? '')
}
