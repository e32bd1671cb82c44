import type { Awaitable } from './awaitable.ts'
import type { JsonSchema } from './json-schema.ts'
import { DEEPEST_VALUE, TOO_DEEP, withoutProto } from './own-keys.ts'
import { type RepairOptions, repair } from './repair.ts'
import type { Checked, CompiledSchema } from './schema.ts'
import type { Pass } from './standard.ts'

const REFUSED: Checked = Object.freeze({
  ok: false,
  problems: [{ path: [], message: `nests deeper than ${DEEPEST_VALUE} levels` }],
})

/** A schema of arguments: drops `__proto__`, checks, and after a failure repairs and checks once more. */
export class InputSchema implements CompiledSchema {
  readonly json: JsonSchema
  readonly #pass: Pass
  readonly #options: RepairOptions

  constructor(json: JsonSchema, pass: Pass, options: RepairOptions) {
    this.json = json
    this.#pass = pass
    this.#options = options
  }

  check(value: unknown): Awaitable<Checked> {
    const safe = withoutProto(value)
    if (safe === TOO_DEEP) return REFUSED
    const checked = this.#pass(safe)
    if (checked instanceof Promise) return checked.then((known) => (known.ok ? known : this.#retry(safe, known)))
    return checked.ok ? checked : this.#retry(safe, checked)
  }

  #retry(value: unknown, failed: Failed): Awaitable<Checked> {
    const mended = repair(this.json, value, failed.problems, this.#options)
    if (mended === value) return failed
    return then(this.#pass(mended), (again) => (again.ok ? again : this.#blame(value, failed, again)))
  }

  /** Dates in the form that JSON has for them are no mistake, so the problems told are those that are left with them read. */
  #blame(value: unknown, failed: Failed, again: Checked): Awaitable<Checked> {
    const decoded = repair(this.json, value, failed.problems, { mistakes: false })
    if (decoded === value) return failed
    return this.#options.mistakes ? this.#pass(decoded) : again
  }
}

type Failed = Extract<Checked, { ok: false }>

function then<T, R>(value: Awaitable<T>, next: (value: T) => Awaitable<R>): Awaitable<R> {
  return value instanceof Promise ? value.then(next) : next(value)
}
