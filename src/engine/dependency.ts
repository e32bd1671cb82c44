import { DefinitionError } from '../protocol/errors.ts'
import type { Awaitable } from './call.ts'
import type { Context } from './context.ts'
import { disposalOf } from './disposal.ts'

/** What `ctx.use` gives: one instance a request. Made by `dependency()`. */
export interface Dependency<T, in App = unknown> {
  readonly name: string
  readonly make: Make<T, App>
  /** Ends an instance; what has no end needs nothing done. */
  dispose(instance: T): Awaitable<void>
}

/** Makes what a request needs. */
export type Make<T, App = unknown> = (ctx: Context<App>) => Awaitable<T>

/** A dependency, whatever it is of. */
export type AnyDependency = Dependency<unknown, never>

/** What is made in place of what a dependency would make. */
export type Replacements = ReadonlyMap<AnyDependency, Make<unknown, never>>

/** What can be said of a dependency besides. */
export interface DependencyOptions<T> {
  /** Ends an instance. Left out, its own `Symbol.asyncDispose` or `Symbol.dispose` does, if it has one. */
  readonly dispose?: (instance: T) => Awaitable<void>
}

/**
 * Something that a request needs of its own: a connection, a transaction, the account of who calls. It is made when
 * a handler, a layer or another dependency first asks for it by `ctx.use`, once in a request, and disposed of when the
 * request is over, last made first. It may use others. Tests put something else in its place.
 *
 * @example
 * const connection = dependency('connection', (ctx: Context<App>) => ctx.app.pool.connect(), {
 *   dispose: (client) => client.release(),
 * })
 *
 * mcp.tool('users', { description: 'How many users there are' }, async (_, ctx) => {
 *   const client = await ctx.use(connection)
 *   return (await client.query('SELECT count(*) FROM users')).rows[0]
 * })
 */
export function dependency<T, App = unknown>(
  name: string,
  make: Make<T, App>,
  { dispose = disposeOf }: DependencyOptions<T> = {},
): Dependency<T, App> {
  if (typeof name !== 'string' || name === '') {
    throw new DefinitionError('dependency', "give it a name for messages: dependency('db', (ctx) => …)")
  }
  for (const [part, value] of Object.entries({ make, dispose })) {
    if (typeof value !== 'function') throw new DefinitionError(`dependency "${name}"`, `${part} must be a function`)
  }
  return Object.freeze({ name, make, dispose })
}

function disposeOf(instance: unknown): Awaitable<void> {
  return disposalOf(instance)?.()
}
