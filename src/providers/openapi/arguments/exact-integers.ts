import type { Awaitable } from '../../../engine/call.ts'
import { Draft } from '../../../schema/draft.ts'
import type { JsonSchema } from '../../../schema/json-schema.ts'
import { isSchemaObject } from '../../../schema/keywords.ts'
import { innerOf } from '../../../schema/members.ts'
import { reaching } from '../../../schema/reach.ts'
import { type References, referencesOf } from '../../../schema/references.ts'
import type { Checked, CompiledSchema, Problem } from '../../../schema/schema.ts'
import { typesOf } from '../../../schema/typing.ts'

/** Fewer digits are exact in every program, and more are no number of 64 bits. */
const LONG = /^-?\d{16,20}$/
const DEEPEST = 64

/**
 * The same check, by which the digits of a whole number that no JavaScript number holds may be given as text, as answers show
 * them: they are checked as the number next to it, and become a `bigint`. Such a number itself is refused: it lost its last
 * digits on its way here, and an id that lost them is that of somebody else.
 */
export function withExactIntegers(plain: CompiledSchema): CompiledSchema {
  const references = referencesOf(plain.json)
  const worth = reaching(plain.json, (node) => isWhole(node, references))
  if (worth.size === 0) return plain
  const schemas: Schemas = { references, worth }
  return {
    json: plain.json,
    check(args) {
      if (!holdsLong(args)) return plain.check(args)
      const found = placesIn(plain.json, args, schemas)
      const problems = found.filter(({ value }) => typeof value === 'number').map(problemAt)
      if (problems.length > 0) return { ok: false, problems }
      if (found.length === 0) return plain.check(args)
      const near = new Draft(args)
      for (const { path, value } of found) near.set(path, Number(value))
      return after(plain.check(near.value), (checked) => (checked.ok ? withDigits(checked.value, found) : checked))
    },
  }
}

interface Schemas {
  readonly references: References
  /** From which a whole number can be reached. */
  readonly worth: ReadonlySet<JsonSchema>
}

/** A whole number that no JavaScript number holds: its digits, or what is left of it. */
interface Place {
  readonly path: readonly (string | number)[]
  readonly value: unknown
}

/** Nearly no arguments do, and of the others the schema says which are numbers. */
function holdsLong(args: unknown): boolean {
  // A list may grow while it is walked.
  const open: unknown[] = [args]
  for (const value of open) {
    if (isLong(value)) return true
    if (typeof value === 'object' && value !== null) for (const inner of Object.values(value)) open.push(inner)
  }
  return false
}

function placesIn(json: JsonSchema, args: unknown, schemas: Schemas): readonly Place[] {
  const found: Place[] = []
  const walk = (nodes: readonly JsonSchema[], { path, value }: Place): void => {
    if (isLong(value) && nodes.length > 0 && nodes.every((node) => isWhole(node, schemas.references))) {
      found.push({ path, value })
    }
    if (typeof value !== 'object' || value === null || path.length === DEEPEST) return
    const parts = partsOf(nodes, schemas)
    if (parts.length === 0) return
    const keys = Array.isArray(value) ? [...value.keys()] : Object.keys(value)
    const members = value as Readonly<Record<string | number, unknown>> // any object has members
    for (const key of keys) walk(innerOf(parts, key), { path: [...path, key], value: members[key] })
  }
  walk([json], { path: [], value: args })
  return found
}

/** What may be said of a value anywhere in these schemas, as far as whole numbers can be reached from there. */
function partsOf(nodes: readonly JsonSchema[], { references, worth }: Schemas): readonly JsonSchema[] {
  const parts = new Set(nodes.filter((node) => worth.has(node)))
  for (const node of parts) {
    const branches = [node.allOf, node.anyOf, node.oneOf].flatMap((each) => (Array.isArray(each) ? each : []))
    for (const inner of [references.get(node), ...branches]) {
      if (isSchemaObject(inner) && worth.has(inner)) parts.add(inner)
    }
  }
  return [...parts]
}

/** Whether a schema is that of a whole number and of no other number or text. */
function isWhole(node: JsonSchema, references: References): boolean {
  const types = typesOf(node, references)
  return types?.has('integer') === true && !types.has('string') && !types.has('number')
}

function isLong(value: unknown): boolean {
  if (typeof value === 'string') return LONG.test(value) && !Number.isSafeInteger(Number(value))
  return Number.isInteger(value) && !Number.isSafeInteger(value)
}

function problemAt({ path }: Place): Problem {
  return { path, message: 'has lost digits, as no number holds so many; give them as text' }
}

function withDigits(value: unknown, places: readonly Place[]): Checked {
  const exact = new Draft(value)
  for (const { path, value: digits } of places) exact.set(path, BigInt(String(digits)))
  return { ok: true, value: exact.value }
}

function after(checked: Awaitable<Checked>, next: (checked: Checked) => Checked): Awaitable<Checked> {
  return checked instanceof Promise ? checked.then(next) : next(checked)
}
