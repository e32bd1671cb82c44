import { isRecord } from '../../../protocol/json-rpc.ts'
import type { JsonSchema } from '../../../schema/json-schema.ts'
import type { Api } from '../routes/api.ts'
import { firstOf } from '../schemas/first-of.ts'
import { type Kept, keptAt, keptOfItems } from './pick.ts'
import { facetsOf, itemsOf, membersOf, othersOf, type Place, type Search } from './places.ts'
import { saidOf, typesOf, typeWords } from './type-words.ts'

/** What is shown of an answer. */
export interface Shown {
  readonly schema: JsonSchema
  /** Whether the schema is of objects alone. */
  readonly isObject: boolean
}

/** What of the answer is a result. */
export interface Cut {
  /** Left out, all of it. */
  readonly kept?: Kept | undefined
  /** The items of a list in it: at these members, or where there is just one. */
  readonly within?: readonly string[] | 'list' | undefined
}

/** Characters of JSON. */
const MOST = 4_096
/**
 * How deep, with how many characters of each description, and how long it may be by that: the first that is short enough.
 * A model reads it with every conversation, so that depth is worth less to it than brevity.
 */
const TRIES: readonly Try[] = [
  { depth: 4, words: 100, most: 2_048 },
  { depth: 3, words: 60, most: 2_048 },
  { depth: 2, words: 60, most: 2_048 },
  { depth: 2, words: 0, most: 2_560 },
  { depth: 1, words: 60, most: 3_072 },
  { depth: 1, words: 0, most: MOST },
]

interface Try {
  readonly depth: number
  readonly words: number
  readonly most: number
}

/**
 * A schema that tells what an answer holds and accepts every answer: clients fail calls whose results break it, and most
 * APIs answer with what their documents do not say. Names and nesting stay; types, values and descriptions are words.
 * Undefined where there are no names to be told.
 */
export function lenientSchema(schemas: Place, api: Api, cut: Cut): Shown | undefined {
  const reference = soleReference(schemas)
  if (reference === undefined || cut.kept !== undefined || cut.within !== undefined) return make(schemas, api, cut)
  const shelf = shelves.get(api) ?? new Map<string, Shown | undefined>()
  shelves.set(api, shelf)
  if (!shelf.has(reference)) shelf.set(reference, make(schemas, api, cut))
  return shelf.get(reference)
}

/** Many operations answer with the same. */
const shelves = new WeakMap<Api, Map<string, Shown | undefined>>()

/** What tells the shape of an answer shortly: a reference, or that of the items of a list. */
function soleReference([schema, ...others]: Place): string | undefined {
  if (others.length > 0 || !isRecord(schema)) return undefined
  const { $ref, type, items } = schema
  const keys = Object.keys(schema).length
  if (typeof $ref === 'string') return keys === 1 ? $ref : undefined
  const inner = type === 'array' && keys === 2 ? soleReference([items]) : undefined
  return inner === undefined ? undefined : `list of ${inner}`
}

/** Schemas and members that are looked at: for all tries of one operation together, and for those of all operations. */
const FUEL = { one: 20_000, least: 100, all: 500_000 }

const fuels = new WeakMap<Api, number>()

function make(schemas: Place, api: Api, cut: Cut): Shown | undefined {
  const left = fuels.get(api) ?? FUEL.all
  const given = Math.min(FUEL.one, Math.max(FUEL.least, left))
  const search: Search = { api, fuel: given }
  const shown = sketchOf(schemas, search, cut)
  fuels.set(api, left - given + search.fuel)
  return shown
}

function sketchOf(schemas: Place, search: Search, { kept = true, within }: Cut): Shown | undefined {
  const root = within === undefined ? { place: schemas, kept } : listAt({ place: schemas, kept }, within, search)
  if (root === undefined) return undefined
  const types = typesOf(facetsOf(root.place, search))
  const isOfObjects = types.size > 0 && [...types].every((type) => type === 'object' || type === 'null')
  const isObject = within === undefined && isOfObjects
  const attempt = (step: Try): Shown | undefined => {
    const { depth, words, most } = step
    const sketch: Sketch = { search, depth, words, left: most, mayStop: step === TRIES.at(-1) }
    const drawn = draw(root, sketch, 0) ?? {}
    const schema = isObject ? { type: 'object', ...drawn } : drawn
    const isShort = sketch.mayStop || (sketch.left >= 0 && JSON.stringify(schema).length <= most)
    return isShort ? { schema, isObject } : undefined
  }
  const shown = firstOf(TRIES, attempt)
  return shown !== undefined && hasNames(shown.schema) ? shown : undefined
}

interface Spot {
  readonly place: Place
  readonly kept: Kept
  /** How many lists it is directly inside of. */
  readonly lists?: number
  /** As a member of something. */
  readonly name?: string
}

interface Sketch {
  readonly search: Search
  readonly depth: number
  readonly words: number
  left: number
  /** Whether it ends where there is no room, instead of being of no use. */
  readonly mayStop: boolean
}

function draw({ place, kept, lists = 0, name = '' }: Spot, sketch: Sketch, depth: number): JsonSchema | undefined {
  if (sketch.left < 0) return undefined
  const facets = facetsOf(place, sketch.search)
  // What the author picked is wanted however deep it is.
  const isDeepest = depth >= sketch.depth && kept === true
  const properties = isDeepest ? undefined : drawMembers(facets, { kept, depth }, sketch)
  // Items are as deep as their list: only names count.
  const ofItems = keptOfItems(kept)
  const inner = isDeepest || ofItems === undefined || lists === MOST_LISTS ? [] : itemsOf(facets)
  const items = drawInner({ place: inner, kept: ofItems, lists: lists + 1 }, sketch, depth)
  const ofOthers = kept === true ? true : kept.get('*')
  const others = drawInner({ place: isDeepest ? [] : othersOf(facets), kept: ofOthers }, sketch, depth + 1)
  if (kept !== true && properties === undefined && items === undefined && others === undefined) return undefined
  const description = describe(facets, {
    sketch,
    name,
    isPlain: properties !== undefined || (items !== undefined && hasNames(items)),
  })
  sketch.left -= description.length + SYNTAX
  return {
    ...(description !== '' && { description }),
    ...(properties !== undefined && { properties }),
    ...(items !== undefined && { items }),
    ...(others !== undefined && { additionalProperties: others }),
  }
}

/** About what a schema is in JSON beside its names and words. */
const SYNTAX = 22

interface Inside {
  readonly kept: Kept | undefined
  readonly depth: number
}

/** Lists of lists of lists may refer in a circle. */
const MOST_LISTS = 3

function drawMembers(
  facets: readonly JsonSchema[],
  { kept = true, depth }: Inside,
  sketch: Sketch,
): JsonSchema | undefined {
  const drawn: Record<string, JsonSchema> = {}
  for (const [name, place] of membersOf(facets, sketch.search)) {
    const inner = keptAt(kept, name)
    const member = inner === undefined ? undefined : draw({ place, kept: inner, name }, sketch, depth + 1)
    if (member === undefined) continue
    sketch.left -= name.length
    if (sketch.mayStop && sketch.left < ROOM) break
    drawn[name] = member
  }
  return Object.keys(drawn).length > 0 ? drawn : undefined
}

/** What the rest needs. */
const ROOM = 100

function drawInner(
  spot: Omit<Spot, 'kept'> & { kept: Kept | undefined },
  sketch: Sketch,
  depth: number,
): JsonSchema | undefined {
  const { kept, place } = spot
  return kept === undefined || place.length === 0 ? undefined : draw({ ...spot, kept }, sketch, depth)
}

interface Around {
  readonly sketch: Sketch
  readonly name: string
  readonly isPlain: boolean
}

function describe(facets: readonly JsonSchema[], { sketch, name, isPlain }: Around): string {
  const types = typeWords(facets)
  const said = saidOf(facets, sketch.words, name)
  // That something with members is an object needs no words.
  const isSaid = isPlain && /^(?:object|list)$/.test(types)
  const inner = types === 'list' ? typeWords(facetsOf(itemsOf(facets), sketch.search)) : ''
  const shown = isSaid ? '' : inner === '' ? types : `list of ${inner}`
  return [shown, said].filter((each) => each !== '').join(': ')
}

/** Whether there is a member anywhere. */
function hasNames({ properties, items, additionalProperties }: JsonSchema): boolean {
  if (properties !== undefined) return true
  return [items, additionalProperties].some((inner) => inner !== undefined && hasNames(inner as JsonSchema)) // as drawn here
}

function listAt(spot: Spot, within: readonly string[] | 'list', search: Search): Spot | undefined {
  if (within === 'list') return soleList(spot, search)
  let at = spot
  for (const step of within) {
    const place = membersOf(facetsOf(at.place, search), search).get(step)
    const kept = keptAt(at.kept, step)
    if (place === undefined || kept === undefined) return undefined
    at = { place, kept }
  }
  return at
}

/** The answer itself if it is a list, or else its only member that is one. */
function soleList(spot: Spot, search: Search): Spot | undefined {
  const facets = facetsOf(spot.place, search)
  if (typesOf(facets).has('array')) return spot
  const lists = [...membersOf(facets, search)].flatMap(([name, place]) => {
    const kept = keptAt(spot.kept, name)
    return kept !== undefined && typesOf(facetsOf(place, search)).has('array') ? [{ place, kept }] : []
  })
  return lists.length === 1 ? lists[0] : undefined
}
