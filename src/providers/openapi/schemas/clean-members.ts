import type { JsonSchema } from '../../../schema/json-schema.ts'
import { isSchemaObject } from '../../../schema/keywords.ts'
import type { Cleaning, Draft } from './cleaning.ts'
import { isEcho } from './echo.ts'

/** Cleans a schema inside another. */
export type CleanInner = (raw: unknown) => JsonSchema

const LONGEST_NAME = 256

/** Adds to a draft what a schema says of the members of an object. */
export function cleanMembers(raw: JsonSchema, node: Draft, { work, clean }: Inside): void {
  const hidden = new Set<string>()
  if (isSchemaObject(raw.properties)) {
    const properties = Object.entries(raw.properties).flatMap(([name, property]): [string, JsonSchema][] => {
      if (isNameable(name) && !isHidden(property, work)) return [[name, withoutEcho(name, clean(property))]]
      hidden.add(name)
      return []
    })
    if (properties.length > 0) node.properties = Object.fromEntries(properties)
  }
  const required = Array.isArray(raw.required) ? raw.required : []
  const wanted = required.filter((name): name is string => typeof name === 'string' && isNameable(name))
  const names = [...new Set(wanted)].filter((name) => !hidden.has(name))
  if (names.length > 0) node.required = names
  const { additionalProperties: others } = raw
  if (typeof others === 'boolean') node.additionalProperties = others
  else if (isSchemaObject(others)) node.additionalProperties = clean(others)
  cleanPatterns(raw, node, { work, clean })
  if (isSchemaObject(raw.propertyNames)) node.propertyNames = clean(raw.propertyNames)
  cleanDependencies(raw, node)
}

/** What the parts of a schema are cleaned with. */
export interface Inside {
  readonly work: Cleaning
  readonly clean: CleanInner
}

/** Arguments named `__proto__` reach nobody. */
function isNameable(name: string): boolean {
  return name !== '__proto__' && name.length <= LONGEST_NAME
}

/** Whether a property is of the other side: `readOnly` in requests, `writeOnly` in answers (OpenAPI 3.1, 4.8.24.3). */
function isHidden(property: unknown, work: Cleaning): boolean {
  const mark = work.side === 'request' ? 'readOnly' : 'writeOnly'
  if (!isSchemaObject(property)) return false
  if (property[mark] === true) return true
  if (Array.isArray(property.allOf) && property.allOf.some((part) => isSchemaObject(part) && part[mark] === true)) {
    return true
  }
  const target = typeof property.$ref === 'string' ? work.peek(property.$ref) : undefined
  return isSchemaObject(target) && target[mark] === true
}

/** A schema without a title that only says its name once more. */
export function withoutEcho(name: string, { title, ...rest }: JsonSchema): JsonSchema {
  return title === undefined || isEcho(title, name) ? rest : { title, ...rest }
}

function cleanPatterns(raw: JsonSchema, node: Draft, { work, clean }: Inside): void {
  if (!isSchemaObject(raw.patternProperties)) return
  const all = Object.entries(raw.patternProperties)
  const kept = all.flatMap(([name, schema]): [string, JsonSchema][] => {
    const pattern = name === '__proto__' ? undefined : work.patterns.formOf(name)
    return pattern === undefined ? [] : [[pattern, clean(schema)]]
  })
  if (kept.length > 0) node.patternProperties = Object.fromEntries(kept)
  if (kept.length === all.length) return
  work.note('a pattern for names cannot be checked in linear time, so it does not count')
  // What it would have allowed must not be refused by the rule for all other names.
  node.additionalProperties = true
}

const MOST_DEPENDENCIES = 100

function cleanDependencies({ dependentRequired }: JsonSchema, node: Draft): void {
  if (!isSchemaObject(dependentRequired)) return
  const kept = Object.entries(dependentRequired).filter(
    ([name, names]) => isNameable(name) && Array.isArray(names) && names.every((each) => typeof each === 'string'),
  )
  if (kept.length === 0 || kept.length > MOST_DEPENDENCIES) return
  node.dependentRequired = Object.fromEntries(kept.map(([name, names]) => [name, [...new Set(names as string[])]]))
}
