import { DECODING_RULES, decode, decodingOf } from './decoding.ts'
import { joinOr, listWords, nounOf, shapeWords, valuesOfAny, wantedWords } from './describe.ts'
import { bestOf, facetsOf, isListed, type Look, lookAt, misfitsOf } from './fit.ts'
import type { JsonSchema } from './json-schema.ts'
import { knownKeyWords, missingWords, unknownWords } from './key-words.ts'
import { isContainer, locate, rootSpot, type Spot } from './locate.ts'
import { isClosed, isKnown, isRequired } from './members.ts'
import { nearest } from './nearest.ts'
import { quote, scrub, subject } from './quote.ts'
import type { Problem } from './schema.ts'
import { isOfType, typeOf, typesOfAny } from './typing.ts'
import { UNKNOWN_KEY } from './words.ts'

const MOST_LINES = 10
const MOST_PROBLEMS = 100
const MOST_PER_UNION = 3

/**
 * What is wrong with `value`, for a model to read and act on: a line per problem with place and rule,
 * the nearest key or value where one was mistyped, and the known keys where keys were wrong. Shows no
 * value of more than 40 characters.
 */
export function explain(problems: readonly Problem[], json: JsonSchema, value: unknown): string {
  const explanation = new Explanation(json, value)
  for (const problem of problems.slice(0, MOST_PROBLEMS)) explanation.add(problem)
  return explanation.say(problems.length)
}

type Path = Problem['path']

class Explanation {
  readonly #look: Look
  readonly #root: Spot
  readonly #lines = new Set<string>()
  #wrongKeys = false

  constructor(json: JsonSchema, value: unknown) {
    this.#look = lookAt(json)
    this.#root = rootSpot(json, value)
  }

  add({ path, message }: Problem): void {
    for (const line of this.#wordsAt(path, message)) this.#lines.add(line)
  }

  say(count: number): string {
    const lines = [...this.#lines]
    const shown = lines.slice(0, MOST_LINES)
    const more = lines.length - shown.length + Math.max(0, count - MOST_PROBLEMS)
    if (more > 0) shown.push(`and ${more} more`)
    const keys = this.#wrongKeys ? knownKeyWords(this.#root, this.#look) : undefined
    if (keys !== undefined) shown.push(keys)
    return shown.join('\n')
  }

  #wordsAt(path: Path, message: string): string[] {
    const outer = this.#wrongOuter(path)
    if (outer !== undefined) return this.#valueWords(locate(this.#root, outer, this.#look), outer, '')
    const spot = locate(this.#root, path, this.#look)
    const keyWords = this.#keyWords(spot, path, message)
    if (keyWords === undefined) return this.#valueWords(spot, path, message)
    this.#wrongKeys ||= path.length === 1
    return [keyWords]
  }

  /** What is around a place may itself be of the wrong type: then nothing inside it matters. */
  #wrongOuter(path: Path): Path | undefined {
    let spot = this.#root
    for (const [index, key] of path.entries()) {
      if (spot.present && !isOfType(spot.value, typesOfAny(spot.nodes, this.#look.references)))
        return path.slice(0, index)
      spot = locate(spot, [key], this.#look)
    }
    return undefined
  }

  #keyWords(spot: Spot, path: Path, message: string): string | undefined {
    const { present, around, parent } = spot
    const key = path.at(-1)
    if (typeof key !== 'string' || !isContainer(parent)) return undefined
    if (!present) return isRequired(around, key) ? missingWords(spot, path, this.#look) : undefined
    const isStray = message === UNKNOWN_KEY || (isClosed(around) && !isKnown(around, key))
    return isStray ? unknownWords(spot, path) : undefined
  }

  #valueWords(spot: Spot, path: Path, message: string): string[] {
    const said = scrub(message, this.#root.value)
    const shape = spot.present ? this.#shapeWords(spot, path) : undefined
    // What a library says in its own words, the shape says better; what an author wrote is kept.
    if (shape !== undefined) return [`${subject(path)} ${shape}${isRule(said) ? '' : ` (${said})`}`]
    const union = spot.present ? this.#unionWords(spot, path) : []
    if (union.length > 0) return union
    return [`${subject(path)}${isRule(said) ? '' : ':'} ${said === '' ? 'is not valid' : said}`]
  }

  /** What the schema says against a value by listed values and types. */
  #shapeWords({ nodes, value }: Spot, path: Path): string | undefined {
    const { references } = this.#look
    const values = valuesOfAny(nodes, references)
    if (values !== undefined && !isListed(value, values)) return enumWords(value, this.#allValues(path))
    const decoding = nodes.map(decodingOf).find((found) => found !== undefined)
    if (decoding !== undefined && decode(value, decoding) === undefined) return DECODING_RULES[decoding]
    const types = typesOfAny(nodes, references)
    if (isOfType(value, types)) return undefined
    if (typeof value === 'number' && types?.has('integer')) return 'must be an integer, without a fraction'
    return `must be ${wantedWords(nodes, references)}, not ${nounOf(typeOf(value))}`
  }

  /** The values of every branch: the one that tells branches apart may be any of them. */
  #allValues(path: Path): readonly unknown[] {
    const look = { ...this.#look, everyBranch: true }
    return valuesOfAny(locate(this.#root, path, look).nodes, look.references) ?? []
  }

  /** The branch of a union that the value is nearest to tells more than that no branch fits. */
  #unionWords({ nodes, value }: Spot, path: Path): string[] {
    const branches = facetsOf(nodes, value, this.#look).flatMap(branchesOf)
    const best = bestOf(branches, value, this.#look)
    const [branch, another] = best
    if (branch === undefined) return []
    const misfits = misfitsOf(branch, value, this.#look).filter(
      ({ kind, path: inner }) => kind !== 'unknown' && inner.length > 0,
    )
    if (misfits.length === 0) return []
    if (another !== undefined)
      return [
        `${subject(path)} must be ${joinOr(best.slice(0, MOST_PER_UNION).map((node) => this.#form(node, value)))}`,
      ]
    return misfits
      .slice(0, MOST_PER_UNION)
      .flatMap((misfit) => this.#wordsAt([...path, ...misfit.path], 'is not valid'))
  }

  #form(node: JsonSchema, value: unknown): string {
    return shapeWords(facetsOf([node], value, this.#look), this.#look.references)
  }
}

function branchesOf({ anyOf, oneOf }: JsonSchema): unknown[] {
  return [anyOf, oneOf].flatMap((union) => (Array.isArray(union) ? union : []))
}

function enumWords(value: unknown, values: readonly unknown[]): string {
  const texts = values.filter((listed) => typeof listed === 'string')
  const meant = typeof value === 'string' && texts.length > 1 ? nearest(value, texts) : undefined
  const got = isContainer(value) ? nounOf(typeOf(value)) : quote(value)
  const rule = values.length === 1 ? `must be ${quote(values[0])}` : `must be one of ${listWords(values)}`
  return `${rule}; got ${got}${meant === undefined ? '' : `, did you mean ${quote(meant)}?`}`
}

/** Rules follow their subject; messages of authors stand for themselves. */
function isRule(message: string): boolean {
  return message === '' || /^(?:must|is|are|has|have|matches|needs|holds|nests|cannot) /.test(message)
}
