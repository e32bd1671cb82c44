import { coerce } from './coerce.ts'
import { Draft } from './draft.ts'
import { facetsOf, type Look, lookAt } from './fit.ts'
import type { JsonSchema } from './json-schema.ts'
import { isContainer, locate, rootSpot, type Spot } from './locate.ts'
import { innerOf, isRequired } from './members.ts'
import type { Problem } from './schema.ts'
import { isOfType, typesOfAny } from './typing.ts'

type Path = Problem['path']

/** A value with more problems is not what somebody nearly wrote right. */
const MOST_PROBLEMS = 100
const DEEPEST = 64

/**
 * The value with what models write by mistake undone where that is plain: JSON in a string, `"3"` for a
 * number, `"true"`, a number for a string, null for what may be left out, one value for a list of it.
 * The value itself if there is nothing to undo. It must be checked again: what is valid is not decided
 * here.
 */
export function repair(json: JsonSchema, value: unknown, problems: readonly Problem[]): unknown {
  if (problems.length > MOST_PROBLEMS) return value
  const repairs = new Repairs(json, value)
  for (const { path } of problems) repairs.at(path)
  return repairs.value
}

class Repairs {
  readonly #json: JsonSchema
  readonly #original: unknown
  readonly #draft: Draft
  readonly #look: Look

  constructor(json: JsonSchema, value: unknown) {
    this.#json = json
    this.#original = value
    this.#draft = new Draft(value)
    this.#look = lookAt(json)
  }

  /** The repaired value, or the original one where the work was too much to be finished. */
  get value(): unknown {
    return this.#look.left > 0 ? this.#draft.value : this.#original
  }

  at(path: Path): void {
    const spot = locate(rootSpot(this.#json, this.#draft.value), path, this.#look)
    if (!spot.present || path.length > DEEPEST) return
    if (!this.#fits(spot)) this.#undo(spot, path)
    // A broken union tells only where it stands, not what is wrong below it.
    else if (facetsOf(spot.nodes, spot.value, this.#look).some(isUnion)) this.#below(spot, path)
  }

  #undo(spot: Spot, path: Path): void {
    const meant = coerce(spot.value, spot.nodes, this.#look)
    if (meant !== undefined) {
      this.#draft.set(path, meant)
      this.#below({ ...spot, value: meant }, path)
    } else if (spot.value === null && isOptional(spot, path)) this.#draft.remove(path)
  }

  /** Repairs inside a value that no check has looked into. */
  #below(spot: Spot, path: Path): void {
    const { value } = spot
    if (!isContainer(value) || path.length >= DEEPEST) return
    const around = facetsOf(spot.nodes, value, this.#look)
    for (const name of Object.keys(value)) {
      if (this.#look.left <= 0) return
      const key = Array.isArray(value) ? Number(name) : name
      const inner: Spot = { value: value[key], present: true, nodes: innerOf(around, key), around, parent: value }
      if (this.#fits(inner)) this.#below(inner, [...path, key])
      else this.#undo(inner, [...path, key])
    }
  }

  #fits({ nodes, value }: Spot): boolean {
    return isOfType(value, typesOfAny(nodes, this.#look.references))
  }
}

function isUnion(node: JsonSchema): boolean {
  return node.anyOf !== undefined || node.oneOf !== undefined
}

function isOptional({ parent, around }: Spot, path: Path): boolean {
  const key = path.at(-1)
  return typeof key === 'string' && !Array.isArray(parent) && around.length > 0 && !isRequired(around, key)
}
