import type { Awaitable } from '../../engine/call.ts'
import type { Context } from '../../engine/context.ts'
import type { AnySchema, InputOf, OutputOf } from '../../schema/schema.ts'

/** What becomes of one argument. Everything left out stays as it is. */
export interface ArgChange<V = unknown> {
  /** What it is called now. */
  readonly name?: string
  readonly description?: string
  /** Its value where the caller gives none, or a function that gives it at each call. */
  readonly default?: V | ((ctx: Context) => Awaitable<V>)
  /** Whether callers neither see nor give it: then it has its default, or nothing where it may be left out. */
  readonly hide?: boolean
  /** Makes an argument required that could be left out. */
  readonly required?: true
  /** Another schema, whose values the tool gets. */
  readonly schema?: AnySchema
  readonly examples?: readonly V[]
}

/** The arguments of a tool: of any name where its schema is plain JSON, which says nothing to the compiler. */
export type NamedArgs<In> = unknown extends In
  ? Record<string, unknown>
  : In extends Record<string, never>
    ? Record<never, never>
    : In

/** Changes by the name that an argument has below. */
export type ArgChanges<In> = { readonly [K in keyof In]?: ArgChange<In[K]> }

/** The name above of argument `K`; `never` for one that is hidden. */
type NameOf<K, Change> = Change extends { readonly hide: true }
  ? never
  : Change extends { readonly name: infer Name extends string }
    ? Name
    : K

/** Who gives a value: a caller, before the other schema of an argument has read it, or the work around the tool, after that. */
type Giver = 'caller' | 'run'

type ValueOf<V, Change, Who extends Giver> = Change extends { readonly schema: infer S extends AnySchema }
  ? Who extends 'caller'
    ? InputOf<S>
    : OutputOf<S>
  : V

type ChangeOf<A, K> = K extends keyof A ? A[K] : undefined

type IsOptional<In, K extends keyof In> = undefined extends In[K] ? true : object extends Pick<In, K> ? true : false

/** Whether a caller may leave the argument out. */
type MayBeLeftOut<In, K extends keyof In, Change> = Change extends { readonly required: true }
  ? false
  : Change extends { readonly default: unknown }
    ? true
    : IsOptional<In, K>

/** Whether the argument can be missing once defaults are filled in. */
type MayBeMissing<In, K extends keyof In, Change> = Change extends { readonly default: unknown }
  ? false
  : MayBeLeftOut<In, K, Change>

type Flat<T> = T extends infer All ? { [K in keyof All]: All[K] } : never

/** What is given to the new tool: by its callers, or to `forward`. */
export type GivenArgs<In, A, Who extends Giver = 'run'> = string extends keyof In
  ? Record<string, unknown>
  : Flat<
      {
        [K in keyof In as MayBeLeftOut<In, K, ChangeOf<A, K>> extends true
          ? never
          : NameOf<K, ChangeOf<A, K>>]-?: ValueOf<Exclude<In[K], undefined>, ChangeOf<A, K>, Who>
      } & {
        [K in keyof In as MayBeLeftOut<In, K, ChangeOf<A, K>> extends true
          ? NameOf<K, ChangeOf<A, K>>
          : never]?: ValueOf<In[K], ChangeOf<A, K>, Who>
      }
    >

/** What `run` of the new tool gets: defaults are filled in. */
export type FilledArgs<In, A> = string extends keyof In
  ? Record<string, unknown>
  : Flat<
      {
        [K in keyof In as MayBeMissing<In, K, ChangeOf<A, K>> extends true
          ? never
          : NameOf<K, ChangeOf<A, K>>]-?: ValueOf<Exclude<In[K], undefined>, ChangeOf<A, K>, 'run'>
      } & {
        [K in keyof In as MayBeMissing<In, K, ChangeOf<A, K>> extends true
          ? NameOf<K, ChangeOf<A, K>>
          : never]?: ValueOf<In[K], ChangeOf<A, K>, 'run'>
      }
    >
