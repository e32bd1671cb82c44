import type { Awaitable } from '../engine/call.ts'
import type { Context } from '../engine/context.ts'
import { DefinitionError, FastMCPError, McpError } from '../protocol/errors.ts'
import type { CompleteResult } from '../protocol/methods.ts'
import type { AnySchema, InputOf } from '../schema/schema.ts'
import type { CompletionAsk } from './component.ts'
import { isThenable } from './thenable.ts'
import { limitTime, type TimeLimit } from './time-limit.ts'

/** What a completer knows besides what was typed. */
export interface CompletionHints<Others extends string = string, Ctx extends Context = Context> {
  /** The arguments that were already chosen, by name; strings, as they travel. */
  readonly others: string extends Others ? Readonly<Record<string, string>> : { readonly [N in Others]?: string }
  readonly ctx: Ctx
}

/** Values for one argument, best first: a fixed list, filtered by what was typed, or a function that finds them. */
export type Completion<Others extends string = string, Ctx extends Context = Context> =
  | readonly string[]
  | ((typed: string, hints: CompletionHints<Others, Ctx>) => Awaitable<readonly string[]>)

/** Completions by argument; only names that exist. */
export type Completions<Name extends string, Ctx extends Context = Context> = [Name] extends [never]
  ? { readonly [name: string]: never }
  : { readonly [N in Name]?: Completion<OtherThan<N, Name>, Ctx> }

/** The arguments beside one of them; any name where the names are not known. */
type OtherThan<One extends string, Name extends string> = string extends Name ? string : Exclude<Name, One>

/** The argument names of a schema; any name for raw JSON Schema, none without a schema. */
export type ArgumentName<In extends AnySchema | undefined> = In extends AnySchema ? KeyOf<InputOf<In>> : never

/** Keys of every member of a union; all strings where the type says nothing. */
type KeyOf<T> = unknown extends T ? string : T extends unknown ? Extract<keyof T, string> : never

/** What the protocol takes in one answer. */
const MOST_VALUES = 100

/** Completes the arguments of one component. */
export type Complete = (ask: CompletionAsk, context: Context) => Awaitable<CompleteResult>

/** Makes completions ready. Throws `DefinitionError` for an argument that the component does not have. */
export function prepareCompletion(
  completions: Completions<string> | undefined,
  known: readonly string[],
  limit: TimeLimit,
): Complete {
  const { label } = limit
  const byName = new Map(Object.entries(completions ?? {}))
  for (const name of byName.keys()) {
    if (!known.includes(name)) throw new DefinitionError(label, `complete: ${unknownWords(name, known)}`)
  }
  const shape = (values: unknown): CompleteResult => page(values, label)

  return ({ name, value, others }, context) => {
    if (!known.includes(name)) throw new McpError('INVALID_PARAMS', `${label}: ${unknownWords(name, known)}`)
    const completion = byName.get(name)
    if (completion === undefined) return page([], label)
    if (typeof completion !== 'function') return page(beginningWith(value, completion), label)
    const found = completion(value, { others, ctx: context })
    return isThenable(found) ? limitTime(found, context, limit).then(shape) : shape(found)
  }
}

function beginningWith(typed: string, values: readonly string[]): readonly string[] {
  const beginning = typed.toLowerCase()
  return values.filter((value) => value.toLowerCase().startsWith(beginning))
}

function page(values: unknown, label: string): CompleteResult {
  if (!Array.isArray(values) || !values.every((value) => typeof value === 'string')) {
    throw new FastMCPError('BAD_COMPLETION', `${label}: a completion gave something other than a list of strings`)
  }
  const hasMore = values.length > MOST_VALUES
  return { completion: { values: values.slice(0, MOST_VALUES), total: values.length, hasMore } }
}

function unknownWords(name: string, known: readonly string[]): string {
  const list = known.length === 0 ? 'there are none' : `there are ${known.slice(0, 20).join(', ')}`
  return `"${name.slice(0, 60)}" is not an argument; ${list}`
}
