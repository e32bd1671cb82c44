import type { Awaitable } from './awaitable.ts'
import { type Decoder, decoderOf } from './decoder.ts'
import type { JsonSchema } from './json-schema.ts'
import { DEEPEST_VALUE, TOO_DEEP, withoutProto } from './own-keys.ts'
import { repair } from './repair.ts'
import { isObjectRoot } from './root.ts'
import type { Checked, CompiledSchema } from './schema.ts'
import type { Pass } from './standard.ts'

const REFUSED: Checked = Object.freeze({
  ok: false,
  problems: [{ path: [], message: `nests deeper than ${DEEPEST_VALUE} levels` }],
})

/** Some libraries take a list for an object; the schema that clients see does not. */
const NO_OBJECT: Checked = Object.freeze({ ok: false, problems: [{ path: [], message: 'must be an object' }] })

/** Whether mistakes of models are repaired. */
export interface RepairOptions {
  readonly repair: boolean
  /** Whether all values came as text, so that the problems of what was made of it are told. */
  readonly fromText: boolean
}

type Failed = Extract<Checked, { ok: false }>

/**
 * A schema of arguments. Members named `__proto__` are dropped; what breaks the schema is checked once
 * more with dates as the library wants them, and once more with mistakes repaired.
 */
export class InputSchema implements CompiledSchema {
  readonly json: JsonSchema
  readonly #pass: Pass
  readonly #decode: Decoder | undefined
  readonly #repair: boolean
  readonly #fromText: boolean
  readonly #isObject: boolean

  constructor(json: JsonSchema, pass: Pass, options: RepairOptions) {
    this.json = json
    this.#pass = pass
    this.#decode = decoderOf(json)
    this.#repair = options.repair
    this.#fromText = options.fromText
    this.#isObject = isObjectRoot(json)
  }

  check(value: unknown): Awaitable<Checked> {
    if (this.#isObject && Array.isArray(value)) return NO_OBJECT
    const safe = withoutProto(value)
    if (safe === TOO_DEEP) return REFUSED
    const checked = this.#pass(safe)
    if (checked instanceof Promise) return checked.then((known) => (known.ok ? known : this.#decoded(safe, known)))
    return checked.ok ? checked : this.#decoded(safe, checked)
  }

  /** A date in the form that JSON has for it is no mistake, so the problems told are those that are left with it read. */
  #decoded(value: unknown, failed: Failed): Awaitable<Checked> {
    const decoded = this.#decode === undefined ? value : this.#decode(value)
    if (decoded === value) return this.#repaired(value, failed)
    return andThen(this.#pass(decoded), (again) => (again.ok ? again : this.#repaired(decoded, again)))
  }

  #repaired(value: unknown, failed: Failed): Awaitable<Checked> {
    const repaired = this.#repair ? repair(this.json, value, failed.problems) : value
    if (repaired === value) return failed
    const decoded = this.#decode === undefined ? repaired : this.#decode(repaired)
    // Half repaired is not what was sent: the problems told are those of what was, unless it could be sent in no other way.
    const left = (again: Failed): Failed => (this.#fromText ? { ...again, repaired } : failed)
    return andThen(this.#pass(decoded), (again) => (again.ok ? again : left(again)))
  }
}

function andThen<T, R>(value: Awaitable<T>, next: (value: T) => Awaitable<R>): Awaitable<R> {
  return value instanceof Promise ? value.then(next) : next(value)
}
