import type { StandardSchemaV1 } from '@standard-schema/spec'
import type { Awaitable } from './awaitable.ts'
import type { JsonSchema } from './json-schema.ts'

/** What describes a value: any Standard Schema with `~standard.jsonSchema`, or raw JSON Schema. */
export type AnySchema = StandardSchemaV1 | JsonSchema

/** The type a schema gives after validation; raw JSON Schema gives an open record. */
export type OutputOf<S extends AnySchema> = S extends StandardSchemaV1
  ? StandardSchemaV1.InferOutput<S>
  : Record<string, unknown>

/** The type a schema takes before validation; raw JSON Schema takes anything. */
export type InputOf<S extends AnySchema> = S extends StandardSchemaV1 ? StandardSchemaV1.InferInput<S> : unknown

/** Where and why a value breaks a schema. */
export interface Problem {
  /** Keys and indices from the root. */
  readonly path: readonly (string | number)[]
  /** The broken rule in words, without the value. */
  readonly message: string
}

/** The outcome of a check. */
export type Checked =
  | { readonly ok: true; readonly value: unknown }
  | {
      readonly ok: false
      readonly problems: readonly Problem[]
      /** The value that the problems are of, where it is not the one that was given but what repair made of it. */
      readonly repaired?: unknown
    }

/** A schema made ready once: its JSON Schema for the wire, its check for every call. */
export interface CompiledSchema {
  /** What clients see: the input side for arguments, the output side for results. */
  readonly json: JsonSchema
  /** Answers now where the library can, by promise where it must. Never throws for a bad value. */
  check(value: unknown): Awaitable<Checked>
}
