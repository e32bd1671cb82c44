import type { ArgsOf } from '../components/tool.ts'
import type { CacheHint, Change } from '../engine/application.ts'
import type { Awaitable } from '../engine/call.ts'
import type { Context } from '../engine/context.ts'
import type { Middleware } from '../middleware/compose.ts'
import type { ServerCapabilities } from '../protocol/capabilities.ts'
import type { Provider } from '../providers/provider.ts'
import type { AnySchema } from '../schema/schema.ts'

/** What one side of an extension tells the other about itself; JSON. */
export type ExtensionSettings = Readonly<Record<string, unknown>>

/** What an extension may do with the server that it is part of. */
export interface ExtensionHost {
  /** The name of the server. */
  readonly name: string
  /** Tells clients that listen of a change. */
  changed(change: Change): void
  /** For operators: what went wrong inside, never shown to a client. */
  report(problem: Error, facts?: Readonly<Record<string, unknown>>): void
}

/**
 * An optional part of the protocol, as a plug-in: `mcp.extend(extension)` advertises it and serves what it
 * adds, in both eras. Whether a client uses it is settled request by request.
 *
 * @example
 * const reports: Extension = {
 *   id: 'com.example/reports',
 *   settings: { formats: ['pdf'] },
 *   methods: {
 *     'reports/render': method({ params: z.object({ id: z.string() }) }, ({ id }) => ({ url: urlOf(id) })),
 *   },
 * }
 * mcp.extend(reports)
 */
export interface Extension {
  /** A key of `_meta` with its prefix: a domain of yours reversed, a slash, a name. */
  readonly id: string
  /** What the server tells of it, as its value under `capabilities.extensions`; default `{}`. */
  readonly settings?: ExtensionSettings
  /** The methods that it adds, by name. Names of the protocol's own cannot be taken. */
  readonly methods?: Readonly<Record<string, ExtensionMethod>>
  /**
   * A layer around tool calls, inside those of `mcp.use`. It runs for clients that declared the extension;
   * calls of others do not pass it.
   */
  readonly aroundTools?: Middleware<'tools/call'>
  /**
   * Values of `resultType` that its results and those of `aroundTools` may have. Only the stateless era tells
   * clients the type of a result, so an extension with types of its own does not exist for clients of the other.
   */
  readonly resultTypes?: readonly string[]
  /** Components that come with it. */
  readonly provider?: Provider
  /** Capabilities that the server has by it, besides the extension itself. */
  readonly capabilities?: ServerCapabilities
  /**
   * Begins what must run beside the calls, before the server answers the first. Return a function that ends
   * it: `mcp.close()` calls it, and so does the end of `mcp.run()`. If it throws, the server does not start.
   */
  start?(host: ExtensionHost): Awaitable<(() => Awaitable<void>) | undefined>
}

/** What a method is, besides its name and its handler. */
export interface MethodOptions<P extends AnySchema | undefined = AnySchema | undefined> {
  /** The parameters; an object. Left out, the method takes none. `_meta` is no parameter. */
  readonly params?: P
  /** The parameter whose value clients repeat in the `Mcp-Name` header of stateless HTTP; a string. */
  readonly nameFrom?: string
  /** Whether clients that did not declare the extension are refused, told what to declare; default true. */
  readonly requiresClient?: boolean
  /** For results that clients may keep: how long and for whom. Left out, results are not to be kept. */
  readonly cache?: Partial<CacheHint>
  /** Milliseconds until a call fails with `TIMEOUT`; default 60,000, at most 30 minutes. */
  readonly timeout?: number
}

/** The function behind a method. What it returns is the result: an object that has a form in JSON. */
export type MethodHandler<P extends AnySchema | undefined> = (params: ArgsOf<P>, ctx: Context) => Awaitable<object>

/** A method of an extension, made by `method()`. */
export interface ExtensionMethod {
  readonly options: MethodOptions
  readonly handler: MethodHandler<undefined>
}

/**
 * Makes a method of an extension from a typed function.
 *
 * @example
 * const render = method({ params: z.object({ id: z.string() }), nameFrom: 'id' }, async ({ id }, ctx) => {
 *   return { url: await reports.render(id, ctx.signal) }
 * })
 */
export function method<P extends AnySchema | undefined = undefined>(
  options: MethodOptions<P>,
  handler: MethodHandler<P>,
): ExtensionMethod {
  // The schema stands beside the handler and is checked first, so the types have done their work.
  return { options: options as MethodOptions, handler: handler as unknown as MethodHandler<undefined> }
}
