import type { Awaitable } from '../../../engine/call.ts'
import { isRecord } from '../../../protocol/json-rpc.ts'
import type { JsonSchema } from '../../../schema/json-schema.ts'
import { referencesOf } from '../../../schema/references.ts'
import type { Checked, CompiledSchema, Problem } from '../../../schema/schema.ts'
import { typesOf } from '../../../schema/typing.ts'

/** Fewer digits are exact in every program, and more are no number of 64 bits. */
const LONG = /^-?\d{16,20}$/

/**
 * The same check, by which the digits of a whole number that no JavaScript number holds may be given as text, as answers show
 * them: they are checked as the number next to it, and kept. Such a number itself is refused: it lost its last digits on its
 * way here, and an id that lost them is that of somebody else.
 */
export function withExactIntegers(plain: CompiledSchema): CompiledSchema {
  const names = integersIn(plain.json)
  if (names.length === 0) return plain
  return {
    json: plain.json,
    check(args) {
      if (!isRecord(args)) return plain.check(args)
      const inexact = names.filter((name) => isInexact(args[name]))
      if (inexact.length > 0) return { ok: false, problems: inexact.map(problemOf) }
      const long = names.filter((name) => isLong(args[name]))
      if (long.length === 0) return plain.check(args)
      const digits = long.map((name) => [name, String(args[name])] as const)
      const near = { ...args, ...Object.fromEntries(digits.map(([name, text]) => [name, Number(text)])) }
      return after(plain.check(near), (checked) => (checked.ok ? withDigits(checked.value, digits) : checked))
    },
  }
}

/** The members of an object that are whole numbers and nothing else. */
function integersIn(json: JsonSchema): readonly string[] {
  const references = referencesOf(json)
  const properties = isRecord(json.properties) ? json.properties : {}
  return Object.keys(properties).filter((name) => {
    const types = typesOf(properties[name], references)
    return types?.has('integer') === true && !types.has('string') && !types.has('number')
  })
}

function isInexact(value: unknown): boolean {
  return Number.isInteger(value) && !Number.isSafeInteger(value)
}

function isLong(value: unknown): boolean {
  return typeof value === 'string' && LONG.test(value) && isInexact(Number(value))
}

function problemOf(name: string): Problem {
  return { path: [name], message: 'has lost digits, as no number holds so many; give them as text' }
}

function withDigits(value: unknown, digits: readonly (readonly [string, string])[]): Checked {
  return { ok: true, value: { ...(isRecord(value) ? value : {}), ...Object.fromEntries(digits) } }
}

function after(checked: Awaitable<Checked>, next: (checked: Checked) => Checked): Awaitable<Checked> {
  return checked instanceof Promise ? checked.then(next) : next(checked)
}
