import { DefinitionError } from '../../protocol/errors.ts'
import { isRecord } from '../../protocol/json-rpc.ts'
import { compileInput } from '../../schema/compile.ts'
import { explain } from '../../schema/explain.ts'
import type { JsonSchema } from '../../schema/json-schema.ts'
import { plainMisfit } from '../../schema/plain-misfit.ts'
import type { Problem } from '../../schema/schema.ts'
import type { ArgChange } from './arg-change.ts'

/** Throws `DefinitionError` for a change of an argument that contradicts itself. */
export function checkChange(label: string, change: ArgChange, isRequired: boolean): void {
  if (change.hide !== undefined && typeof change.hide !== 'boolean') {
    throw new DefinitionError(label, `hide is ${JSON.stringify(change.hide)}; it is true or false`)
  }
  if (change.required !== undefined && change.required !== true) {
    throw new DefinitionError(label, 'required can only be true; give a default to let callers leave it out')
  }
  if (change.hide === true) {
    if (isRequired && !hasDefault(change)) {
      throw new DefinitionError(label, 'is required, so it cannot be hidden without a default')
    }
    const useless = (['name', 'description', 'required', 'schema', 'examples'] as const).find(
      (key) => change[key] !== undefined,
    )
    if (useless !== undefined)
      throw new DefinitionError(label, `is hidden, so "${useless}" has no meaning; leave it out`)
  }
  if (change.required === true && hasDefault(change)) {
    throw new DefinitionError(label, 'cannot be required and have a default; take one away')
  }
  if (change.name !== undefined && (typeof change.name !== 'string' || change.name === '')) {
    throw new DefinitionError(label, 'the new name must be a text that is not empty')
  }
}

/** Whether a value is given where the caller gives none. */
export function hasDefault(change: ArgChange): boolean {
  return change.default !== undefined
}

/** Rules about several arguments at once, which speak of names and of presence. The tool below still checks them. */
export const ABOUT_NAMES: readonly string[] = [
  'allOf',
  'anyOf',
  'oneOf',
  'not',
  'if',
  'then',
  'else',
  'dependentRequired',
  'dependentSchemas',
]

interface Below {
  /** The schema of all arguments below. */
  readonly json: JsonSchema
  readonly below: string
}

/** Throws `DefinitionError` for a default that the tool below would refuse at each call. */
export function checkDefault(label: string, { default: value, schema }: ArgChange, { json, below }: Below): void {
  if (value === undefined || schema !== undefined || !isPlain(value)) return
  const { required: _required, ...rest } = json
  const alone = Object.fromEntries(Object.entries(rest).filter(([key]) => !ABOUT_NAMES.includes(key)))
  const checked = compileInput(alone, { repair: false }).check({ [below]: value })
  // The whole check comes later where it was never needed before.
  const problems = checked instanceof Promise ? plainProblems(json, below, value) : checked.ok ? [] : checked.problems
  if (problems.length === 0) return
  throw new DefinitionError(label, `its default does not fit. ${explain(problems, json, { [below]: value })}`)
}

function plainProblems({ properties }: JsonSchema, below: string, value: unknown): readonly Problem[] {
  const schema = isRecord(properties) && Object.hasOwn(properties, below) ? properties[below] : undefined
  const message = isRecord(schema) ? plainMisfit(schema, value) : undefined
  return message === undefined ? [] : [{ path: [below], message }]
}

/** What is no JSON is for schemas of libraries alone. */
function isPlain(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return typeof value !== 'function' && typeof value !== 'bigint'
  return Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype
}
