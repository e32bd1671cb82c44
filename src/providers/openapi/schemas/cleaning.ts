import type { JsonSchema } from '../../../schema/json-schema.ts'
import type { KnownPatterns } from './known-patterns.ts'

/** Which way a value travels: what is only read is no part of a request, what is only written none of an answer. */
export type Side = 'request' | 'response'

/** What the cleaning of one schema is done with. */
export interface Cleaning {
  readonly side: Side
  /**
   * What a reference of the document becomes; undefined where it leads to no schema. `asPart`: it is one of the parts that
   * something is made of, and not all that a value may be.
   */
  refer(reference: string, asPart: boolean): JsonSchema | undefined
  /** What a reference leads to, as the document has it. */
  peek(reference: string): unknown
  /** Allows objects of what was referred to by `$ref` to have more members than it knows. */
  open(reference: string): void
  readonly patterns: KnownPatterns
  /** Says what could not be kept. */
  note(words: string): void
  /** How many more schemas may be cleaned. */
  left: number
}

/** A schema while it is put together. */
export type Draft = Record<string, unknown>
