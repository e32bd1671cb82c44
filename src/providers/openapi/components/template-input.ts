import { definedBy, prepareInput } from '../../../components/input.ts'
import type { UriMatch } from '../../../components/uri-template.ts'
import type { Awaitable } from '../../../engine/call.ts'
import { isRecord } from '../../../protocol/json-rpc.ts'
import { admitSchema } from '../../../schema/admit.ts'
import type { JsonSchema } from '../../../schema/json-schema.ts'
import { referencesOf } from '../../../schema/references.ts'
import type { Checked, CompiledSchema } from '../../../schema/schema.ts'
import { type JsonType, typesOf, valuesOf } from '../../../schema/typing.ts'
import { withExactIntegers } from '../arguments/exact-integers.ts'
import { withNeededDefaults } from '../arguments/needed-defaults.ts'
import type { UriVariable, UriVariables } from './uri-variables.ts'

/** A URI that was asked for, with the texts in it. */
export interface Asked {
  readonly uri: string
  readonly values: UriMatch
}

/** The same once it is checked, by the names of the arguments. */
export interface Understood {
  readonly uri: string
  readonly args: Readonly<Record<string, unknown>>
}

/** How the texts of a URI become arguments. */
export interface TemplateInput extends CompiledSchema {
  /** Names of variables of the query that hold lists. */
  readonly lists: ReadonlySet<string>
  /** The values that a variable may have, where they are listed. */
  readonly choices: Readonly<Record<string, readonly string[]>>
}

/**
 * The check of the values in a URI: it takes what was `Asked` and gives what is `Understood`. Problems are told by the
 * names of the variables. It is made with the first read, as most operations of a large API are never read.
 */
export function templateInput(label: string, schema: JsonSchema, { path, query }: UriVariables): TemplateInput {
  const variables = [...path, ...query]
  const json = definedBy(label, 'input', () => admitSchema(narrowed(schema, variables), 'raw'))
  let inner: CompiledSchema | undefined
  const kinds = kindsOf(json, variables)
  const lists = new Set(query.flatMap(({ name }) => (kinds.get(name)?.includes('array') ? [name] : [])))
  const commas = new Set(path.flatMap(({ name }) => (kinds.get(name)?.join() === 'array' ? [name] : [])))
  const read = (values: UriMatch): Record<string, unknown> =>
    Object.fromEntries(Object.entries(values).map(([name, value]) => [name, meant(value, name)]))
  const meant = (value: string | string[], name: string): unknown => {
    if (typeof value === 'string') return commas.has(name) && !value.startsWith('[') ? value.split(',') : value
    // One value where both it and a list will do is no list.
    return value.length === 1 && kinds.get(name)?.join() !== 'array' ? value[0] : value
  }
  const settle = (checked: Checked, uri: string, given: unknown): Checked => {
    if (!checked.ok) return { ...checked, repaired: checked.repaired ?? given }
    return { ok: true, value: { uri, args: argumentsOf(checked.value, variables) } satisfies Understood }
  }

  return {
    json,
    lists,
    choices: choicesOf(json, variables),
    check: (asked): Awaitable<Checked> => {
      // Only the template itself asks.
      const { uri, values } = asked as Asked
      const given = read(values)
      inner ??= withExactIntegers(prepareInput(label, withNeededDefaults(json), { fromText: true }))
      const checked = inner.check(given)
      return checked instanceof Promise ? checked.then((late) => settle(late, uri, given)) : settle(checked, uri, given)
    },
  }
}

/** The schema of the arguments that stand in a URI, by the names of its variables. */
function narrowed(schema: JsonSchema, variables: readonly UriVariable[]): JsonSchema {
  const properties = isRecord(schema.properties) ? schema.properties : {}
  const required = new Set(Array.isArray(schema.required) ? schema.required : [])
  const needed = variables.filter(({ argument }) => required.has(argument)).map(({ name }) => name)
  return {
    type: 'object',
    properties: Object.fromEntries(
      variables.map(({ name, argument }) => [name, Object.hasOwn(properties, argument) ? properties[argument] : {}]),
    ),
    ...(needed.length > 0 && { required: needed }),
    additionalProperties: false,
    ...(schema.$defs !== undefined && { $defs: schema.$defs }),
  }
}

function kindsOf(json: JsonSchema, variables: readonly UriVariable[]): ReadonlyMap<string, readonly JsonType[]> {
  const references = referencesOf(json)
  return new Map(
    variables.map(({ name }) => [
      name,
      [...(typesOf(propertyOf(json, name), references) ?? [])].filter((type) => type !== 'null'),
    ]),
  )
}

function argumentsOf(checked: unknown, variables: readonly UriVariable[]): Understood['args'] {
  const values = isRecord(checked) ? checked : {}
  return Object.fromEntries(
    variables.flatMap(({ name, argument }) => (Object.hasOwn(values, name) ? [[argument, values[name]]] : [])),
  )
}

function choicesOf(json: JsonSchema, variables: readonly UriVariable[]): Record<string, readonly string[]> {
  const references = referencesOf(json)
  const choices: Record<string, readonly string[]> = {}
  for (const { name } of variables) {
    const property = propertyOf(json, name)
    const items = isRecord(property) ? property.items : undefined
    const isSwitch = [...(typesOf(property, references) ?? [])].join() === 'boolean'
    const values = isSwitch ? [true, false] : (valuesOf(property, references) ?? valuesOf(items, references))
    const texts = (values ?? []).filter((value) => value !== null && typeof value !== 'object').map(String)
    if (texts.length > 0) choices[name] = Object.freeze(texts)
  }
  return choices
}

function propertyOf({ properties }: JsonSchema, name: string): unknown {
  return isRecord(properties) && Object.hasOwn(properties, name) ? properties[name] : undefined
}
