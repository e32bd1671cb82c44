import type { Awaitable } from '../engine/call.ts'
import { disposalOf } from '../engine/disposal.ts'
import { DefinitionError } from '../protocol/errors.ts'
import { isRecord } from '../protocol/json-rpc.ts'

/**
 * Opens what the calls of a server share, its app. Runs before the first call is answered; what it returns is
 * `ctx.app`, and its `Symbol.asyncDispose` or `Symbol.dispose` runs after the last call.
 */
export type OpenApp<App> = () => Awaitable<App>

/** One of several that are opened after each other: it is given what those before it gave. */
export type OpenPart = (before: never) => unknown

/** What several give together. */
export type AppOf<Parts extends readonly OpenPart[]> = Readonly<
  Members<Joined<{ readonly [K in keyof Parts]: [Given<Parts[K]>] }[number]>>
>

type Needed<P> = P extends (before: infer Before) => unknown ? Before : never
type Returned<P> = P extends (before: never) => infer R ? Awaited<R> : never
type Given<P> = Returned<P> extends object ? Returned<P> : unknown
/** Each in a list of one, so that what is a union itself stays one. */
type Joined<U> = (U extends readonly [infer One] ? (one: One) => void : never) extends (all: infer All) => void
  ? All
  : never
type Members<T> = { [K in keyof T as K extends symbol ? never : K]: T[K] }

/** Refuses a part that needs what no part before it gives, and one that gives what cannot be joined. */
export type InOrder<Parts extends readonly unknown[]> = number extends Parts['length'] ? unknown : Ordered<Parts>

type Ordered<Parts extends readonly unknown[], Before = object> = Parts extends readonly [
  infer First extends OpenPart,
  ...infer Rest,
]
  ? [Fitting<First, Before>, ...Ordered<Rest, Before & Given<First>>]
  : []

type Fitting<P, Before> = [Before] extends [Needed<P>]
  ? [Returned<P>] extends [object]
    ? P
    : [undefined] extends [Returned<P>]
      ? P
      : { readonly 'gives no object': Returned<P> }
  : { readonly 'needs what none before it gives': Needed<P> }

/**
 * Several lifespans as one: opened in order, each given what those before it gave, and ended in reverse. What they
 * give is joined to one app. If one fails, those before it are ended.
 *
 * @example
 * const openConfig = async () => ({ config: await readConfig() })
 * const openPool = ({ config }: { config: Config }) => {
 *   const pool = new Pool({ connectionString: config.url })
 *   return { pool, [Symbol.asyncDispose]: () => pool.end() }
 * }
 *
 * export const mcp = new FastMCP({ name: 'shop', version: '1.0.0', lifespan: lifespans(openConfig, openPool) })
 */
export function lifespans<const Parts extends readonly OpenPart[]>(
  ...parts: Parts & InOrder<Parts>
): () => Promise<AppOf<Parts> & AsyncDisposable> {
  const opens: readonly unknown[] = parts
  const wrong = opens.findIndex((open) => typeof open !== 'function')
  if (wrong >= 0) throw new DefinitionError('lifespans', `number ${wrong + 1} must be a function`)
  return async () => {
    const app: Record<string, unknown> = {}
    const ends: (() => Awaitable<void>)[] = []
    try {
      for (const [index, open] of parts.entries()) {
        // Each is given what the types have it wait for.
        const given: unknown = await open(Object.freeze({ ...app }) as never)
        const end = disposalOf(given)
        if (end !== undefined) ends.push(end)
        join(app, given, index + 1)
      }
    } catch (problem) {
      await endAll(ends).catch((other: unknown) => {
        throw new AggregateError([problem, other], 'A lifespan failed, and so did the end of those before it')
      })
      throw problem
    }
    Object.defineProperty(app, Symbol.asyncDispose, { value: () => endAll(ends) })
    // Joined from what the parts gave, as the type is from theirs.
    return Object.freeze(app) as AppOf<Parts> & AsyncDisposable
  }
}

/** Only members can be joined: what an instance of a class does lies on its prototype. */
function join(app: Record<string, unknown>, given: unknown, number: number): void {
  if (given === undefined) return
  if (!isRecord(given) || ![Object.prototype, null].includes(Object.getPrototypeOf(given))) {
    throw new DefinitionError('lifespans', `number ${number} must give a plain object, as in { pool }, or nothing`)
  }
  for (const [name, value] of Object.entries(given)) {
    if (Object.hasOwn(app, name)) {
      throw new DefinitionError('lifespans', `number ${number} gives "${name}", as one before it does; rename one`)
    }
    app[name] = value
  }
}

/** The last one first. Rejects after all were tried. */
async function endAll(ends: (() => Awaitable<void>)[]): Promise<void> {
  const problems: unknown[] = []
  for (let end = ends.pop(); end !== undefined; end = ends.pop()) {
    try {
      await end()
    } catch (problem) {
      problems.push(problem)
    }
  }
  if (problems.length > 0) throw problems.length === 1 ? problems[0] : new AggregateError(problems)
}
