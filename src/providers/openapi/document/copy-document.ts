import { isRecord } from '../../../protocol/json-rpc.ts'
import { unusable } from './document-error.ts'

/** What is done with a document takes time for each value, and more for those that are deep in it. */
const MOST = { values: 3_000_000, containers: 1_000_000, depths: 100_000_000 }

/** JSON deeper than this is no description of an API. */
export const DEEPEST = 512

/**
 * A copy of a document that is a tree of plain data, so that whatever is done to it changes nobody's objects. Members
 * named `__proto__` are left out. Throws for what is deeper or larger than a document may be, and for cycles.
 */
export function copyDocument(document: unknown, bytes: number): Readonly<Record<string, unknown>> {
  if (!isRecord(document)) throw unusable('must be an object with "openapi" and "paths"; this is something else')
  try {
    const copy = new Copy(bytes)
    return copy.membersOf(document, 0)
  } catch (problem) {
    if (problem instanceof Beyond && hasCycle(document)) throw unusable(CYCLE)
    if (problem instanceof Beyond) throw unusable(problem.message)
    throw problem
  }
}

const CYCLE =
  'contains itself: its references were replaced by what they lead to. Give the document as it was before that'

class Beyond extends Error {}

class Copy {
  readonly #most: number
  #left: number
  #values = 0
  #containers = 0
  #depths = 0

  constructor(bytes: number) {
    this.#most = bytes
    this.#left = bytes
  }

  membersOf(source: object, depth: number): Record<string, unknown> {
    this.#spend(2, depth)
    this.#containers++
    const copy: Record<string, unknown> = {}
    for (const [key, value] of Object.entries(source)) {
      if (key === '__proto__' || value === undefined) continue
      this.#left -= key.length + 4
      copy[key] = this.#valueOf(value, depth + 1)
    }
    return copy
  }

  #valueOf(value: unknown, depth: number): unknown {
    if (typeof value === 'string') {
      this.#spend(value.length + 2, depth)
      return value
    }
    if (typeof value !== 'object' || value === null) return this.#scalar(value, depth)
    return Array.isArray(value) ? this.#itemsOf(value, depth) : this.membersOf(value, depth)
  }

  #scalar(value: unknown, depth: number): unknown {
    this.#spend(1, depth)
    const isJson = typeof value === 'boolean' || value === null || Number.isFinite(value)
    return isJson ? value : null
  }

  #itemsOf(source: readonly unknown[], depth: number): readonly unknown[] {
    this.#spend(2 + source.length, depth)
    this.#containers++
    return Array.from(source, (item) => this.#valueOf(item, depth + 1))
  }

  /** About what it takes as JSON: what is used more than once is counted each time. */
  #spend(bytes: number, depth: number): void {
    this.#left -= bytes
    this.#depths += depth
    const { values, containers, depths } = MOST
    if (++this.#values > values || this.#containers > containers || this.#depths > depths) {
      throw new Beyond('has more values than can be read; give only the part that is needed')
    }
    if (this.#left < 0) {
      throw new Beyond(
        `is larger than ${this.#most} bytes; raise \`limits.bytes\`, or give only the part that is needed`,
      )
    }
    if (depth > DEEPEST) throw new Beyond(`nests deeper than ${DEEPEST} levels`)
  }
}

/** Looks at every object once, without recursion. */
function hasCycle(document: object): boolean {
  const [open, done] = [new Set<object>(), new Set<object>()]
  const stack: object[] = [document]
  for (let node = stack.at(-1); node !== undefined; node = stack.at(-1)) {
    if (open.has(node) || done.has(node)) {
      open.delete(node)
      done.add(node)
      stack.pop()
      continue
    }
    open.add(node)
    for (const inner of Object.values(node)) {
      if (typeof inner !== 'object' || inner === null || done.has(inner)) continue
      if (open.has(inner)) return true
      stack.push(inner)
    }
  }
  return false
}
