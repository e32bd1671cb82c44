import { checkKeys } from '../../components/check-keys.ts'
import { DefinitionError } from '../../protocol/errors.ts'
import { compileInput } from '../../schema/compile.ts'
import type { JsonSchema } from '../../schema/json-schema.ts'
import { nearest } from '../../schema/nearest.ts'
import { rewriteReferences } from '../../schema/rewrite.ts'
import type { CompiledSchema } from '../../schema/schema.ts'
import type { ArgChange } from './arg-change.ts'
import { ABOUT_NAMES, checkChange, checkDefault, hasDefault } from './check-change.ts'

/** One argument, below and above. */
export interface PlannedArg {
  /** Its name below. */
  readonly below: string
  /** Its name above; undefined where it is hidden. */
  readonly above: string | undefined
  readonly change: ArgChange
  /** The other schema, made ready. */
  readonly schema: CompiledSchema | undefined
}

/** The arguments of a tool and what becomes of them. */
export interface ArgPlan {
  readonly args: readonly PlannedArg[]
  /** The schema of the arguments above. */
  readonly json: JsonSchema
}

/** Works out what becomes of the arguments of a tool. Throws `DefinitionError` for changes that cannot be. */
export function planArgs(
  label: string,
  json: JsonSchema,
  changes: Readonly<Record<string, ArgChange | undefined>>,
): ArgPlan {
  const properties = Object.entries(recordOf(json.properties))
  const required = new Set(Array.isArray(json.required) ? json.required.map(String) : [])
  const names = properties.map(([name]) => name)
  for (const name of Object.keys(changes)) {
    if (!names.includes(name)) throw new DefinitionError(label, unknownArg(name, names))
  }
  const args = names.map((below): PlannedArg => {
    const said = Object.hasOwn(changes, below) ? changes[below] : undefined
    const change = said === undefined ? {} : said
    const place = `${label}, argument "${below}"`
    checkKeys(place, change, ['name', 'description', 'default', 'hide', 'required', 'schema', 'examples'])
    checkChange(place, change, required.has(below))
    checkDefault(place, change, { json, below })
    const above = change.hide === true ? undefined : (change.name ?? below)
    const schema = change.schema === undefined ? undefined : compileInput(change.schema)
    return { below, above, change, schema }
  })
  checkDistinct(label, args)
  return { args, json: schemaAbove(json, args, required) }
}

function unknownArg(name: string, names: readonly string[]): string {
  const meant = nearest(name, names)
  const known = names.length === 0 ? 'it takes none' : `it takes ${names.map((each) => `"${each}"`).join(', ')}`
  return `there is no argument "${name}" to change; ${meant === undefined ? known : `did you mean "${meant}"?`}`
}

function checkDistinct(label: string, args: readonly PlannedArg[]): void {
  const taken = new Map<string, string>()
  for (const { below, above } of args) {
    if (above === undefined) continue
    const other = taken.get(above)
    if (other !== undefined) {
      throw new DefinitionError(label, `the arguments "${other}" and "${below}" would both be called "${above}"`)
    }
    taken.set(above, below)
  }
}

function schemaAbove(json: JsonSchema, args: readonly PlannedArg[], required: ReadonlySet<string>): JsonSchema {
  const shown = args.flatMap((arg) => (arg.above === undefined ? [] : [{ ...arg, above: arg.above }]))
  const sameNames = args.every(({ below, above }) => below === above)
  const below = recordOf(json.properties)
  const properties = Object.fromEntries(shown.map((arg) => [arg.above, propertyAbove(below[arg.below], arg)]))
  const needed = shown
    .filter(({ below: name, change }) => {
      if (change.required === true) return true
      return required.has(name) && !hasDefault(change)
    })
    .map(({ above }) => above)
  const { properties: _properties, required: _required, ...rest } = json
  const kept = sameNames ? rest : Object.fromEntries(Object.entries(rest).filter(([key]) => !ABOUT_NAMES.includes(key)))
  const whole = { ...kept, properties, ...(needed.length > 0 && { required: needed }) }
  return sameNames ? whole : rewriteReferences(whole, (reference) => moved(reference, args))
}

function propertyAbove(below: unknown, { above, change, schema }: PlannedArg): unknown {
  const whole = schema === undefined ? recordOf(below) : { ...described(below), ...rooted(schema.json, above ?? '') }
  const { default: known, ...base } = whole
  // The default below would be filled in before anybody asked for the new one.
  const isReplaced = known === undefined || change.required === true || hasDefault(change)
  return {
    ...(isReplaced ? base : whole),
    ...(change.description !== undefined && { description: change.description }),
    ...(change.examples !== undefined && { examples: change.examples }),
    // What another schema reads is filled in behind it: the default is a value of the tool below.
    ...(hasDefault(change) &&
      typeof change.default !== 'function' &&
      schema === undefined && { default: change.default }),
  }
}

/** A schema of its own, as a part of the whole: what it refers to in itself lies deeper now. */
function rooted({ $schema: _dialect, ...json }: JsonSchema, above: string): JsonSchema {
  return rewriteReferences(json, (reference) =>
    reference.startsWith('#') ? `#/properties/${pointer(above)}${reference.slice(1)}` : reference,
  )
}

function described(below: unknown): object {
  const { description, title } = recordOf(below)
  return { ...(title !== undefined && { title }), ...(description !== undefined && { description }) }
}

/** Where a reference into an argument leads once that has another name. */
function moved(reference: string, args: readonly PlannedArg[]): string {
  const start = '#/properties/'
  if (!reference.startsWith(start)) return reference
  const [name = '', ...rest] = reference.slice(start.length).split('/')
  const arg = args.find(({ below }) => pointer(below) === name)
  return arg?.above === undefined ? reference : [`#/properties/${pointer(arg.above)}`, ...rest].join('/')
}

const pointer = (name: string): string => name.replaceAll('~', '~0').replaceAll('/', '~1')

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  // Checked to be one by what comes first.
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {}
}
