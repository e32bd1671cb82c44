import type { JsonSchema } from './json-schema.ts'
import { wordsFor } from './raw-problems.ts'
import { isOfType, type JsonType } from './typing.ts'

/** Whether a value keeps a rule; a rule that cannot be read says nothing. */
const KEEPS: Readonly<Record<string, (rule: unknown, value: unknown) => boolean>> = {
  // What it names beside the types of JSON, no value has.
  type: (rule, value) => isOfType(value, new Set([rule].flat() as readonly JsonType[])),
  enum: (rule, value) => !Array.isArray(rule) || !isScalar(value) || rule.includes(value),
  const: (rule, value) => !isScalar(rule) || rule === value,
  minimum: (rule, value) => atMost(rule, value),
  maximum: (rule, value) => atMost(value, rule),
  minLength: (rule, value) => atMost(rule, lengthOf(value)),
  maxLength: (rule, value) => atMost(lengthOf(value), rule),
}

/**
 * What is plainly wrong with a value, told at once, while the whole validator is loaded only at its first need: its type, a value
 * that is not among those listed, a number or text beyond its limits. Undefined where that is all in order.
 */
export function plainMisfit(schema: JsonSchema, value: unknown): string | undefined {
  const broken = Object.keys(KEEPS).find((keyword) => keyword in schema && !KEEPS[keyword]?.(schema[keyword], value))
  return broken && wordsFor(broken, schema[broken])
}

function isScalar(value: unknown): boolean {
  return typeof value !== 'object' || value === null
}

/** What is no number has no limit. */
function atMost(one: unknown, other: unknown): boolean {
  return typeof one !== 'number' || typeof other !== 'number' || one <= other
}

function lengthOf(value: unknown): number | undefined {
  return typeof value === 'string' ? [...value].length : undefined
}
