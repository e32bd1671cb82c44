import { isRecord } from '../../../protocol/json-rpc.ts'
import type { ArgumentPlan } from './plan.ts'

/**
 * Arguments that the document needs and nobody has to give, with their values: they can only be one thing. They are those
 * of required parameters that the schema of the plan fills in and does not require.
 */
export function fixedArguments({ schema, parameters }: Pick<ArgumentPlan, 'schema' | 'parameters'>): Fixed {
  const needed: ReadonlySet<unknown> = new Set(Array.isArray(schema.required) ? schema.required : [])
  const properties = isRecord(schema.properties) ? schema.properties : {}
  const fixed = new Map<string, unknown>()
  for (const [argument, { required }] of parameters) {
    if (!required || needed.has(argument) || !Object.hasOwn(properties, argument)) continue
    const property = properties[argument]
    if (isRecord(property) && property.default !== undefined) fixed.set(argument, property.default)
  }
  return fixed
}

type Fixed = ReadonlyMap<string, unknown>
