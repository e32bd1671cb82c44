import type { JsonSchema } from './json-schema.ts'
import { isSchemaObject } from './keywords.ts'

/** A schema that grows beyond this many parts keeps its references: written out it would be of no use to anybody. */
const MOST_PARTS = 10_000

/**
 * The schema with its local references written out, and without the definitions that nothing refers to any longer; the
 * very same where it has none, or where it would grow without end. What refers to itself keeps its definition.
 */
export function inlineReferences(json: JsonSchema): JsonSchema {
  if (!/"\$ref"/.test(JSON.stringify(json))) return json
  const work: Work = { root: json, recursive: new Set(), parts: 0 }
  // Twice: which definitions refer to themselves is known after the first time.
  write(json, work, [])
  work.parts = 0
  const whole = write(json, work, [])
  if (work.parts > MOST_PARTS || !isSchemaObject(whole)) return json
  return keepNeeded(whole, work)
}

interface Work {
  readonly root: JsonSchema
  /** References that lead back into themselves. */
  readonly recursive: Set<string>
  parts: number
}

function write(node: unknown, work: Work, open: readonly string[]): unknown {
  if (++work.parts > MOST_PARTS) return node
  if (Array.isArray(node)) return node.map((each) => write(each, work, open))
  if (!isSchemaObject(node)) return node
  const { $ref: reference, ...beside } = node
  const rest = Object.fromEntries(
    Object.entries(beside)
      .filter(([key]) => node !== work.root || !DEFINITIONS.includes(key))
      .map(([key, value]) => [key, AS_THEY_ARE.has(key) ? value : write(value, work, open)]),
  )
  if (typeof reference !== 'string') return rest
  if (open.includes(reference)) work.recursive.add(reference)
  const target = work.recursive.has(reference) ? undefined : find(work.root, reference)
  if (target === undefined) return { $ref: reference, ...rest }
  const written = write(target, work, [...open, reference])
  return isSchemaObject(written) ? { ...written, ...rest } : written
}

const DEFINITIONS: readonly string[] = ['$defs', 'definitions']
/** Values that only look like schemas. */
const AS_THEY_ARE: ReadonlySet<string> = new Set(['const', 'enum', 'default', 'examples', 'required'])

function keepNeeded(whole: JsonSchema, { root, recursive }: Work): JsonSchema {
  if (recursive.size === 0) return whole
  const kept = DEFINITIONS.flatMap((key) => (isSchemaObject(root[key]) ? [[key, root[key]] as const] : []))
  return { ...whole, ...Object.fromEntries(kept) }
}

/** Where a JSON pointer into the schema leads. */
function find(root: JsonSchema, reference: string): unknown {
  if (!reference.startsWith('#/')) return undefined
  let node: unknown = root
  for (const part of reference.slice(2).split('/')) {
    const key = decode(part).replaceAll('~1', '/').replaceAll('~0', '~')
    if (typeof node !== 'object' || node === null || !Object.hasOwn(node, key)) return undefined
    node = Reflect.get(node, key)
  }
  return node
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}
