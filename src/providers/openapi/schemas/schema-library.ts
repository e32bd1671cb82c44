import type { JsonSchema } from '../../../schema/json-schema.ts'
import { HOLDERS, isSchemaObject } from '../../../schema/keywords.ts'
import { UniqueNames } from '../names/safe-name.ts'
import type { Api } from '../routes/api.ts'
import { type Budget, budgetFor } from './budget.ts'
import { cleanSchema } from './clean-schema.ts'
import type { Cleaning, Side } from './cleaning.ts'
import { cutBelow } from './cut-schema.ts'
import {
  type Definition,
  inPlaceReferences,
  type Measure,
  measureOf,
  pointTo,
  withoutReferences,
} from './definition.ts'
import { definitionName, nameIn } from './definition-names.ts'
import { Families } from './families.ts'
import { KnownPatterns } from './known-patterns.ts'

const libraries: Readonly<Record<Side, WeakMap<Api, SchemaLibrary>>> = {
  request: new WeakMap(),
  response: new WeakMap(),
}

/** The schemas of a document for one side of its operations; one and the same each time. */
export function libraryOf(api: Api, side: Side): SchemaLibrary {
  const known = libraries[side].get(api)
  if (known !== undefined) return known
  const library = new SchemaLibrary(api, side)
  libraries[side].set(api, library)
  return library
}

/** Schemas in one definition, at most. */
const MOST_SCHEMAS = 20_000
/** Deeper than this nothing nests in one definition: schemas may be 64 deep, and these are put into others. */
const DEEPEST = 40
/** References follow each other in place so often; a check of the whole goes down as deep. */
const LONGEST_CHAIN = 400
const MOST_OPEN = 100

/** Every schema of a document that is referred to, cleaned once, whoever refers to it. */
export class SchemaLibrary {
  /** For all operations together. */
  readonly budget: Budget
  readonly #api: Api
  readonly #side: Side
  readonly #patterns = new KnownPatterns()
  readonly #families: Families
  readonly #byRaw = new Map<JsonSchema, Definition>()
  readonly #byName = new Map<string, Definition>()
  readonly #names = new UniqueNames()
  readonly #waiting: Definition[] = []

  constructor(api: Api, side: Side) {
    this.#api = api
    this.#side = side
    this.#families = new Families(api)
    this.budget = budgetFor(api.routes.length)
  }

  /** Takes in a schema, with everything that it refers to. */
  take(raw: JsonSchema): Definition {
    const definition = this.#enter(raw)
    const fresh: Definition[] = []
    for (let next = this.#waiting.pop(); next !== undefined; next = this.#waiting.pop()) {
      this.#clean(next)
      fresh.push(next)
    }
    for (const each of fresh) this.#untangle(each, new Set())
    for (const each of fresh) if (each.isOpen) this.#openAll(each)
    return definition
  }

  /** What a reference of a cleaned schema leads to. */
  named(name: string): Definition | undefined {
    return this.#byName.get(name)
  }

  measure(definition: Definition): Measure {
    definition.measure ??= measureOf(definition.node)
    return definition.measure
  }

  #enter(raw: JsonSchema): Definition {
    let definition = this.#byRaw.get(raw)
    if (definition === undefined) {
      definition = {
        raw,
        name: undefined,
        node: {},
        notes: new Set(),
        isOpen: false,
        chain: undefined,
        measure: undefined,
      }
      this.#byRaw.set(raw, definition)
      this.#waiting.push(definition)
    }
    return definition
  }

  #clean(definition: Definition): void {
    const work: Cleaning = {
      side: this.#side,
      left: MOST_SCHEMAS,
      patterns: this.#patterns,
      peek: (reference) => this.#api.resolve(reference),
      refer: (reference, asPart) => this.#refer(reference, { work, asPart }),
      open: (reference) => this.#open(reference),
      note: (words) => definition.notes.add(words),
    }
    const node = cleanSchema(definition.raw, work)
    const isDeep = measureOf(node).height > DEEPEST
    if (isDeep) work.note('a schema is too deep; any value is taken in its lower parts')
    definition.node = isDeep ? cutBelow(node, DEEPEST) : node
  }

  #refer(reference: string, { work, asPart }: Referring): JsonSchema | undefined {
    const target = this.#api.resolve(reference)
    if (typeof target === 'boolean') return target ? {} : { not: {} }
    if (!isSchemaObject(target)) return undefined
    // Written out, it is easier to read than a reference.
    if (isSmall(target)) return cleanSchema(target, work)
    const whole = this.#side === 'request' ? this.#families.wholeOf(target, reference) : undefined
    const definition = this.#enter(asPart ? target : (whole ?? target))
    if (definition.name === undefined) {
      const name = `${nameIn(reference) || titleOf(target)}${whole !== undefined && asPart ? 'Base' : ''}`
      definition.name = this.#names.give(definitionName(name))
      this.#byName.set(definition.name, definition)
    }
    return pointTo(definition.name)
  }

  #open(pointer: string): void {
    const definition = this.#byName.get(pointer.slice(pointer.lastIndexOf('/') + 1))
    if (definition === undefined || definition.isOpen) return
    definition.isOpen = true
    if (definition.chain !== undefined) this.#openAll(definition)
  }

  /** Lets members of others pass in a definition, and in all that it is made of. */
  #openAll(definition: Definition): void {
    const open = new Set([definition])
    // A set may grow while it is walked.
    for (const each of open) {
      each.isOpen = true
      if (each.node.additionalProperties === false) {
        const { additionalProperties: _, ...node } = each.node
        each.node = node
        each.measure = undefined
      }
      for (const [name] of inPlaceReferences(each.node)) {
        const target = this.#byName.get(name)
        if (target !== undefined) open.add(target)
      }
    }
  }

  /** Cuts what leads back to itself without going into the value, so that every check ends. */
  #untangle(definition: Definition, open: Set<Definition>): void {
    if (definition.chain !== undefined) return
    open.add(definition)
    const cut = new Set<string>()
    let longest = 1
    for (const [name, depth] of inPlaceReferences(definition.node)) {
      const target = this.#byName.get(name)
      if (target === undefined || open.has(target) || open.size > MOST_OPEN) cut.add(name)
      else {
        this.#untangle(target, open)
        const chain = depth + (target.chain ?? 0)
        if (chain > LONGEST_CHAIN) cut.add(name)
        else longest = Math.max(longest, chain)
      }
    }
    if (cut.size > 0) {
      definition.node = withoutReferences(definition.node, cut)
      definition.notes.add('a reference leads back to where it stands; any value is taken there')
    }
    open.delete(definition)
    definition.chain = longest
  }
}

interface Referring {
  readonly work: Cleaning
  readonly asPart: boolean
}

const MOST_MEMBERS = 8
const LONGEST_SMALL = 300

/** Whether a schema refers to nothing, holds no other, and is short. */
function isSmall(raw: JsonSchema): boolean {
  const entries = Object.entries(raw)
  if (entries.length > MOST_MEMBERS || raw.$ref !== undefined) return false
  if (entries.some(([keyword, value]) => HOLDERS.has(keyword) && value !== undefined)) return false
  return sizeOf(raw.enum) + sizeOf(raw.description) + sizeOf(raw.pattern) <= LONGEST_SMALL
}

function sizeOf(value: unknown): number {
  if (typeof value === 'string') return value.length
  if (!Array.isArray(value)) return 0
  return value.reduce<number>((size, each) => size + (typeof each === 'string' ? each.length + 3 : 8), 0)
}

function titleOf({ title }: JsonSchema): string {
  return typeof title === 'string' ? title : ''
}
