import { dialectOf } from './dialect.ts'
import type { JsonSchema } from './json-schema.ts'
import { innerSchemas, isSchemaObject, POINTERS, unescapeStep } from './keywords.ts'
import { SchemaError } from './schema-error.ts'

/** Every schema that points to another, and what it points to. */
export type References = ReadonlyMap<JsonSchema, JsonSchema | boolean>

/** The base of what has no `$id`. Nothing is fetched from it or from anywhere. */
const NOWHERE = 'schema:/'

const known = new WeakMap<JsonSchema, References>()

/**
 * Where the references of a schema lead, worked out once per schema. Throws `SchemaError` for one that
 * leads out of it: a reference is never fetched.
 */
export function referencesOf(root: JsonSchema): References {
  let references = known.get(root)
  if (references === undefined) {
    references = new Atlas(root).references()
    known.set(root, references)
  }
  return references
}

/** The same, and none for a schema that was never admitted and leads out of itself. */
export function referencesWithin(root: JsonSchema): References {
  try {
    return referencesOf(root)
  } catch {
    known.set(root, NONE)
    return NONE
  }
}

const NONE: References = new Map()

/** All schemas of one document by the addresses that references can name. */
class Atlas {
  /** The address that references in a schema are relative to. */
  readonly #bases = new Map<JsonSchema, string>()
  /** What carries a `$id` or an anchor, by its whole address. */
  readonly #named = new Map<string, JsonSchema>()
  /** How often each dynamic anchor is declared: once, it is an anchor like any other. */
  readonly #dynamic = new Map<string, number>()
  /** In draft 7 everything beside a `$ref` is ignored. */
  readonly #refAlone: boolean

  constructor(root: JsonSchema) {
    this.#refAlone = dialectOf(root) === '7'
    this.#named.set(NOWHERE, root)
    this.#enter(root, NOWHERE)
  }

  references(): References {
    const found = new Map<JsonSchema, JsonSchema | boolean>()
    // A map may grow while it is walked: a pointer can lead to a schema below an unknown keyword.
    for (const [node, base] of this.#bases) {
      const [keyword, another] = POINTERS.filter((pointer) => typeof node[pointer] === 'string')
      if (keyword === undefined) continue
      if (another !== undefined)
        throw new SchemaError(`has ${keyword} and ${another} side by side; put each into an allOf`)
      found.set(node, this.#follow(keyword, String(node[keyword]), base))
    }
    return found
  }

  #enter(node: unknown, outer: string): void {
    if (!isSchemaObject(node) || this.#bases.has(node)) return
    const { $id, $anchor, $dynamicAnchor, $recursiveAnchor } = node
    const isNamed = typeof $id === 'string' && !(this.#refAlone && node.$ref !== undefined)
    const base = isNamed ? this.#identify(node, $id, outer) : outer
    this.#bases.set(node, base)
    if (typeof $anchor === 'string') this.#named.set(`${base}#${$anchor}`, node)
    if (typeof $dynamicAnchor === 'string') {
      this.#named.set(`${base}#${$dynamicAnchor}`, node)
      this.#declare($dynamicAnchor)
    }
    if ($recursiveAnchor === true) this.#declare(RECURSIVE)
    for (const [, , inner] of innerSchemas(node)) this.#enter(inner, base)
  }

  #declare(anchor: string): void {
    this.#dynamic.set(anchor, (this.#dynamic.get(anchor) ?? 0) + 1)
  }

  #identify(node: JsonSchema, id: string, outer: string): string {
    const { document, fragment } = resolve(id, outer)
    // In draft 7 a `$id` that is only a fragment is an anchor.
    this.#named.set(fragment === '' ? document : `${document}#${fragment}`, node)
    return document
  }

  #follow(keyword: string, pointer: string, base: string): JsonSchema | boolean {
    const shown = `${keyword} "${pointer.slice(0, 200)}"`
    const { document, fragment } = resolve(pointer, base)
    const resource = this.#named.get(document)
    if (resource === undefined) throw new SchemaError(`${shown} ${OUTSIDE}`)
    const anchor = keyword === '$recursiveRef' ? RECURSIVE : fragment
    if (keyword !== '$ref' && (this.#dynamic.get(anchor) ?? 0) > 1)
      throw new SchemaError(`${shown} has more than one place to go to; use $ref`)
    const target = this.#target(resource, document, fragment)
    if (isSchemaObject(target) || typeof target === 'boolean') return target
    throw new SchemaError(`${shown} leads to nothing in the schema`)
  }

  #target(resource: JsonSchema, document: string, fragment: string): unknown {
    if (fragment === '') return resource
    return fragment.startsWith('/') ? this.#descend(resource, fragment) : this.#named.get(`${document}#${fragment}`)
  }

  #descend(resource: JsonSchema, fragment: string): unknown {
    let at: unknown = resource
    let base = NOWHERE
    for (const step of fragment.slice(1).split('/')) {
      if (isSchemaObject(at)) base = this.#bases.get(at) ?? base
      const key = unescapeStep(step)
      if (typeof at !== 'object' || at === null || !Object.hasOwn(at, key)) return undefined
      at = (at as JsonSchema)[key] // a list has its items as members too
    }
    this.#enter(at, base)
    return at
  }
}

/** No anchor can have this name. */
const RECURSIVE = '#recursive'

const OUTSIDE =
  'leads out of the schema, and references are never fetched; copy the definition into $defs and point to "#/$defs/<name>"'

interface Address {
  readonly document: string
  readonly fragment: string
}

function resolve(reference: string, base: string): Address {
  const [path = '', ...rest] = reference.split('#')
  const fragment = unquote(rest.join('#'))
  if (path === '') return { document: base, fragment }
  try {
    return { document: new URL(path, base).href, fragment }
  } catch {
    return { document: path, fragment }
  }
}

function unquote(fragment: string): string {
  try {
    return decodeURIComponent(fragment)
  } catch {
    return fragment
  }
}
