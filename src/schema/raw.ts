import type { OutputUnit, Schema, validate } from '@cfworker/json-schema'
import { defaultsOf } from './defaults.ts'
import { checkGuarded, guardedFormat, keysIn } from './guarded-patterns.ts'
import type { JsonSchema } from './json-schema.ts'
import { measure, oddPlace, withoutGaps } from './measure.ts'
import { type Prepared, prepare } from './prepare.ts'
import { type QuickCheck, quickCheck } from './quick-check.ts'
import { rawProblems } from './raw-problems.ts'
import { reaching } from './reach.ts'
import type { Checked, Problem } from './schema.ts'
import type { Pass } from './standard.ts'
import { duplicates, LONG_LIST } from './unique.ts'

type Validate = typeof validate

let ready: Validate | undefined

/** Loads the validator on the first need: a server without raw schemas never does. */
async function load(): Promise<Validate> {
  if (ready !== undefined) return ready
  const { format, validate } = await import('@cfworker/json-schema')
  format[guardedFormat()] = checkGuarded
  ready = validate
  return ready
}

/** Whether the defaults of the schema are filled in. */
export interface RawOptions {
  readonly defaults: boolean
}

/**
 * The check of a raw JSON Schema, draft 2020-12, 2019-09 or 7. What plainly fits is told at once; the first other answer comes by
 * promise, since the validator is loaded for it, and later ones at once. `format` is checked where the check is linear.
 */
export function rawPass(json: JsonSchema, { defaults }: RawOptions): Pass {
  const fill = defaults ? defaultsOf(json) : undefined
  // Not made before it is needed: of many tools most are never called.
  let quick: QuickCheck | undefined
  let judge: Judge | undefined
  const look = (validate: Validate, value: unknown): Checked => {
    judge ??= new Judge(json, validate)
    return judge.check(fill === undefined ? value : fill(value))
  }
  return (value) => {
    quick ??= (fill === undefined ? quickCheck(json) : undefined) ?? UNKNOWN
    if (quick(value)) return { ok: true, value }
    return ready === undefined ? load().then((validate) => look(validate, value)) : look(ready, value)
  }
}

const UNKNOWN: QuickCheck = () => false

/** Values larger than this get one problem only: to find all of them takes every branch of the schema. */
const MOST_FOR_ALL = 2_000

class Judge {
  readonly #json: JsonSchema
  readonly #validate: Validate
  readonly #whole: Prepared
  readonly #withUnique: ReadonlySet<JsonSchema>
  #withoutUnique: Prepared | undefined
  readonly #fuel: Fuel = { left: 0 }

  constructor(json: JsonSchema, validate: Validate) {
    this.#json = json
    this.#validate = validate
    this.#whole = metered(prepare(json), this.#fuel)
    this.#withUnique = reaching(json, (node) => node.uniqueItems === true)
  }

  check(value: unknown): Checked {
    const { values, longestList, odd, gaps } = measure(value)
    if (odd) return failed([{ path: oddPlace(value) ?? [], message: 'is not JSON' }])
    const json = gaps ? withoutGaps(value) : value
    const isLong = longestList > LONG_LIST && this.#withUnique.size > 0
    const problems = isLong ? this.#checkLong(json, values) : this.#run(this.#whole, json, values)
    return problems.length === 0 ? { ok: true, value: json } : failed(problems)
  }

  /** The validator compares each item of a list with each other. */
  #checkLong(value: unknown, values: number): readonly Problem[] {
    this.#withoutUnique ??= metered(prepare(this.#json, UNIQUE), this.#fuel)
    const problems = this.#run(this.#withoutUnique, value, values)
    return problems.length > 0 ? problems : duplicates(this.#json, this.#withUnique, value)
  }

  #run(prepared: Prepared, value: unknown, values: number): readonly Problem[] {
    // Linear in the value, so that unions of unions cannot take exponential time.
    this.#fuel.left = 5_000 + 20 * values
    if (prepared.keys.areWanted) prepared.keys.all = keysIn(value)
    try {
      const errors = this.#errors(prepared, value, { all: false })
      if (errors.length === 0) return []
      this.#fuel.left = 500 + 2 * values
      const all = values > MOST_FOR_ALL ? errors : this.#allErrors(prepared, value, errors)
      this.#fuel.left = Number.POSITIVE_INFINITY
      return rawProblems(all, prepared, value)
    } catch (cause) {
      return [{ path: [], message: cause instanceof OutOfFuel ? TOO_COMPLEX : UNCHECKABLE }]
    }
  }

  #allErrors(prepared: Prepared, value: unknown, first: readonly OutputUnit[]): readonly OutputUnit[] {
    try {
      return this.#errors(prepared, value, { all: true })
    } catch {
      return first
    }
  }

  #errors(
    { root, draft, targets }: Prepared,
    value: unknown,
    { all }: { readonly all: boolean },
  ): readonly OutputUnit[] {
    // A node is what the validator's own type describes, said without knowing it.
    return this.#validate(value, root as Schema | boolean, draft, targets as Record<string, Schema | boolean>, !all)
      .errors
  }
}

const UNIQUE: ReadonlySet<string> = new Set(['uniqueItems'])
const TOO_COMPLEX = 'is too complex to be checked against this schema'
const UNCHECKABLE = 'cannot be checked: it nests too deeply, or a key of it is no valid text'

interface Fuel {
  left: number
}

class OutOfFuel extends Error {}

/** The same, with every following of a reference counted: nothing else can multiply the work. */
function metered(prepared: Prepared, fuel: Fuel): Prepared {
  const targets: Prepared['targets'] = Object.create(null)
  for (const [name, node] of Object.entries(prepared.targets)) {
    Object.defineProperty(targets, name, {
      get: () => {
        if (--fuel.left < 0) throw new OutOfFuel()
        return node
      },
    })
  }
  return { ...prepared, targets }
}

function failed(problems: readonly Problem[]): Checked {
  return { ok: false, problems }
}
