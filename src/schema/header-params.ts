import type { JsonSchema } from './json-schema.ts'
import { innerSchemas, isSchemaObject } from './keywords.ts'

/** The keyword by which a property asks for a header (2026-07-28 server/tools, x-mcp-header). */
const KEYWORD = 'x-mcp-header'

/** An argument that a header of an HTTP request repeats. */
export interface HeaderParam {
  /** Keys from the root of the arguments. */
  readonly path: readonly string[]
  /** What follows `Mcp-Param-` in the name of the header. */
  readonly label: string
  readonly integer: boolean
}

/** What the annotations of a schema declare. */
export interface HeaderParams {
  readonly params: readonly HeaderParam[]
  /** The first annotation that cannot be, in words; clients leave a tool out that has one. */
  readonly problem: string | undefined
}

/**
 * Reads the `x-mcp-header` annotations of a schema of arguments. They count on properties that are strings,
 * integers or booleans, and only where nothing but `properties` leads from the root to them.
 */
export function readHeaderParams(json: JsonSchema): HeaderParams {
  const reading = new Reading()
  reading.enter(json, [], 'root')
  return { params: [...reading.params.values()], problem: reading.problem }
}

/** How a schema was reached: it is the root, a property all the way, or anything else. */
type Standing = 'root' | 'property' | 'elsewhere'

const MOST_SCHEMAS = 10_000
const DEEPEST = 64
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/
const PRIMITIVE: ReadonlySet<unknown> = new Set(['string', 'integer', 'boolean'])

class Reading {
  readonly params = new Map<string, HeaderParam>()
  problem: string | undefined
  #left = MOST_SCHEMAS

  enter(node: unknown, path: readonly string[], standing: Standing): void {
    if (!isSchemaObject(node) || path.length > DEEPEST || --this.#left < 0) return
    if (Object.hasOwn(node, KEYWORD)) this.#annotation(node, path, standing)
    for (const [keyword, pointer, schema] of innerSchemas(node)) {
      const isReachable = keyword === 'properties' && standing !== 'elsewhere'
      if (!isReachable) this.enter(schema, [...path, pointer], 'elsewhere')
    }
    if (standing === 'elsewhere' || !isSchemaObject(node.properties)) return
    for (const [key, property] of Object.entries(node.properties)) this.enter(property, [...path, key], 'property')
  }

  #annotation(node: JsonSchema, path: readonly string[], standing: Standing): void {
    const label = node[KEYWORD]
    const problem = standing === 'property' ? problemOf(label, node.type) : UNREACHABLE
    const key = String(label).toLowerCase()
    const first = this.params.get(key)
    if (problem !== undefined) this.#refuse(path, problem)
    else if (first !== undefined)
      this.#refuse(path, `"${first.label}" is the header of ${first.path.join('.')} already`)
    else this.params.set(key, { path, label: String(label), integer: node.type === 'integer' })
  }

  #refuse(path: readonly string[], problem: string): void {
    this.problem ??= `${KEYWORD} at ${path.join('.').slice(0, 100) || 'the root'}: ${problem}`
  }
}

const UNREACHABLE = 'it counts on properties of the arguments and of objects in them, and nowhere else'

function problemOf(label: unknown, type: unknown): string | undefined {
  if (typeof label !== 'string' || !TOKEN.test(label)) {
    return 'write the end of a header name, letters, digits and hyphens, as in "Region"'
  }
  return PRIMITIVE.has(type) ? undefined : 'only a string, an integer or a boolean goes into a header'
}
