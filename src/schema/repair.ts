import { coerce } from './coerce.ts'
import { type Decoding, decode, decodingOf } from './decoding.ts'
import { Draft } from './draft.ts'
import { facetsOf, type Look, lookAt } from './fit.ts'
import type { JsonSchema } from './json-schema.ts'
import { isContainer, locate, rootSpot, type Spot } from './locate.ts'
import { isRequired } from './members.ts'
import type { References } from './references.ts'
import type { Problem } from './schema.ts'
import { isOfType, typesOf, typesOfAny } from './typing.ts'

/** What to change: `mistakes` of a model, or only what JSON had to carry in another form. */
export interface RepairOptions {
  readonly mistakes: boolean
}

const MOST_PROBLEMS = 100
const DEEPEST = 64

/**
 * The value with what broke the schema repaired where that is plain: JSON in a string, `"3"` for a
 * number, `"true"`, a number for a string, null for what may be left out, one value for a list of it,
 * and ISO strings for the dates of a library. The value itself if there is nothing to repair. It must
 * be checked again: nothing here decides what is valid.
 */
export function repair(
  json: JsonSchema,
  value: unknown,
  problems: readonly Problem[],
  options: RepairOptions,
): unknown {
  const repairs = new Repairs(json, value, options)
  for (const { path } of problems.slice(0, MOST_PROBLEMS)) repairs.at(path)
  return repairs.value
}

class Repairs {
  readonly #json: JsonSchema
  readonly #draft: Draft
  readonly #look: Look
  readonly #mistakes: boolean

  constructor(json: JsonSchema, value: unknown, { mistakes }: RepairOptions) {
    this.#json = json
    this.#draft = new Draft(value)
    this.#look = lookAt(json)
    this.#mistakes = mistakes
  }

  get value(): unknown {
    return this.#draft.value
  }

  at(path: Problem['path']): void {
    const spot = locate(rootSpot(this.#json, this.#draft.value), path, this.#look)
    if (spot.present && path.length <= DEEPEST) this.#mend(spot, path)
  }

  #mend(spot: Spot, path: Problem['path']): void {
    const { nodes, value } = spot
    const types = typesOfAny(nodes, this.#look.references)
    const decoded = this.#decode(spot)
    if (decoded !== undefined) {
      this.#draft.set(path, decoded)
      return
    }
    if (isOfType(value, types)) {
      // A broken union tells only where it stands, not what is wrong below it.
      if (nodes.some(isUnion)) this.#below(spot, path)
      return
    }
    if (!this.#mistakes) return
    if (value === null && isOptional(spot, path)) {
      this.#draft.remove(path)
      return
    }
    const coerced = coerce(value, nodes, this.#look)
    if (coerced === undefined) return
    this.#draft.set(path, coerced)
    this.#below({ ...spot, value: coerced }, path)
  }

  /** Repairs what is inside a value that nothing has looked into yet. */
  #below(spot: Spot, path: Problem['path']): void {
    if (!isContainer(spot.value) || path.length >= DEEPEST) return
    for (const key of Object.keys(spot.value)) {
      if (this.#look.left <= 0) return
      const step = Array.isArray(spot.value) ? Number(key) : key
      const inner = locate(spot, [step], this.#look)
      const { references } = this.#look
      if (inner.nodes.length === 0) continue
      if (isContainer(inner.value) && isOfType(inner.value, typesOfAny(inner.nodes, references)))
        this.#below(inner, [...path, step])
      else this.#mend(inner, [...path, step])
    }
  }

  /** Where text or numbers are welcome as they are, nothing is decoded. */
  #decode({ nodes, value }: Spot): unknown {
    let decoding: Decoding | undefined
    for (const facet of facetsOf(nodes, value, this.#look)) {
      const own = decodingOf(facet)
      if (own === undefined && facet.type !== undefined && isOfType(value, typesOf(facet, NO_REFERENCES)))
        return undefined
      decoding ??= own
    }
    return decoding && decode(value, decoding)
  }
}

const NO_REFERENCES: References = new Map()

function isUnion(node: JsonSchema): boolean {
  return node.anyOf !== undefined || node.oneOf !== undefined
}

function isOptional({ parent, around }: Spot, path: Problem['path']): boolean {
  const key = path.at(-1)
  return typeof key === 'string' && !Array.isArray(parent) && around.length > 0 && !isRequired(around, key)
}
