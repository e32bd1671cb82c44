import type { CacheHint } from './engine/application.ts'
import type { SamplingProvider } from './engine/sampling.ts'
import { ERA_OPTIONS, type EraOptions, type RequestStateOptions } from './eras/era.ts'
import { checkCacheHint } from './protocol/cache-hint.ts'
import type { ServerCapabilities } from './protocol/capabilities.ts'
import type { Icon } from './protocol/content.ts'
import type { Implementation } from './protocol/definitions.ts'
import { DefinitionError } from './protocol/errors.ts'
import type { DuplicatePolicy } from './providers/local.ts'
import type { Changes } from './server/changes.ts'
import type { HealthOptions } from './server/health/health.ts'
import type { UserStateOptions } from './server/kept.ts'
import type { OpenApp } from './server/lifespans.ts'
import type { Report } from './server/mask.ts'
import type { Hints } from './server/sharing.ts'
import type { Storage } from './storage/storage.ts'
import type { Authenticate, HttpOptions } from './transports/http/options.ts'

/** How long clients may keep results, and who: of everything, or of one method. */
export interface CacheOptions extends Partial<CacheHint> {
  /** Overrides by method, such as `{ 'tools/list': { ttlMs: 60_000, cacheScope: 'public' } }`. */
  readonly methods?: Readonly<Record<string, Partial<CacheHint>>>
}

/** What a server is, and the habits that differ from the defaults. */
export interface FastMCPOptions<App = unknown> {
  /** Of the server, for clients and their users. */
  readonly name: string
  /** Of the server, not of this library. */
  readonly version: string
  readonly title?: string
  readonly description?: string
  readonly websiteUrl?: string
  readonly icons?: readonly Icon[]
  /** How a model should use the server as a whole. */
  readonly instructions?: string
  /** Capabilities to declare beyond what the registered components show. */
  readonly capabilities?: ServerCapabilities
  /** What a second component of one name does; default `error`. */
  readonly onDuplicate?: DuplicatePolicy
  /** Most components on one page of a list; default 250. */
  readonly pageSize?: number
  /** Hints for client caches; default: keep nothing, share nothing. */
  readonly cache?: CacheOptions
  /** Finds out who is calling, for `ctx.auth`; counts for `run`, `listen` and `fetch` alike. */
  readonly authenticate?: Authenticate
  /**
   * Opens what all calls share, for `ctx.app`: before the first is answered, and ended after the last by its
   * `Symbol.asyncDispose` or `Symbol.dispose`. If it fails, `run` and `listen` do; a server that is called some other
   * way answers with a masked error and tries again at the next call. `lifespans` makes one of several.
   */
  readonly lifespan?: OpenApp<App>
  /** How the server is reached over HTTP, under `run`, `listen` and `fetch` alike. */
  readonly http?: Omit<HttpOptions, 'authenticate' | 'report'>
  /** A model of the server's own, for `ctx.sample` where the client has none to offer. */
  readonly sampling?: SamplingProvider
  /**
   * How calls are carried over while a client answers what they ask, where no connection is kept for
   * them. Without `keys` those of the environment variable `FASTMCP_STATE_KEYS` count, separated by commas.
   */
  readonly requestState?: RequestStateOptions
  /**
   * Where everything stateful is kept; default: in this process. A mounted server keeps what it keeps in the storage of
   * the server that the client talks to. Close it yourself, after the server.
   */
  readonly storage?: Storage
  /** Bounds of what is kept for one caller, in `ctx.userState`. */
  readonly userState?: UserStateOptions
  /** Bounds of sessions, streams, batches and questions; what is left out keeps its default. */
  readonly limits?: { readonly [K in Exclude<keyof EraOptions, 'requestState' | 'storage'>]?: EraOptions[K] }
  /** Carries changes between replicas; default: they are told to clients of this process only. */
  readonly changes?: Changes
  /** Hears of errors that clients see only masked; default: standard error. */
  readonly onError?: Report
  /** What the server needs, looked at for the resource `health://status`, which is there only with this. */
  readonly health?: HealthOptions
  /**
   * Whether handlers are named that block the event loop for more than 100 ms, or outlive their time without having
   * looked at `ctx.signal`. Default: unless NODE_ENV is `production`.
   */
  readonly diagnose?: boolean
}

const PAGE_SIZE = 250

/** Who the server says it is. Throws `DefinitionError` for a name or version that is missing. */
export function identityFrom(options: FastMCPOptions): Implementation {
  const { name, version, title, description, websiteUrl, icons } = options
  for (const [key, value] of Object.entries({ name, version })) {
    if (typeof value !== 'string' || value.trim() === '') {
      throw new DefinitionError('server', `give it a ${key}: new FastMCP({ name: 'weather', version: '1.0.0' })`)
    }
  }
  return Object.freeze({
    name,
    version,
    ...(title !== undefined && { title }),
    ...(description !== undefined && { description }),
    ...(websiteUrl !== undefined && { websiteUrl }),
    ...(icons !== undefined && { icons }),
  })
}

/** The page size, checked. */
export function pageSizeFrom({ pageSize = PAGE_SIZE }: FastMCPOptions): number {
  if (Number.isSafeInteger(pageSize) && pageSize > 0) return pageSize
  throw new DefinitionError('server', `pageSize must be a whole number above 0, not ${pageSize}`)
}

/** The hint of every method, checked and worked out once. */
export function hintsFrom({ cache = {} }: FastMCPOptions): Hints {
  const { methods = {}, ...general } = cache
  const everywhere = hint('cache', { ttlMs: 0, cacheScope: 'private', ...general })
  const byMethod = new Map(
    Object.entries(methods).map(([method, own]) => [method, hint(`cache of ${method}`, { ...everywhere, ...own })]),
  )
  return {
    hint: (method) => byMethod.get(method) ?? everywhere,
    said: (method) => ({ ...general, ...methods[method] }),
  }
}

function hint(where: string, { ttlMs, cacheScope }: CacheHint): CacheHint {
  checkCacheHint(where, { ttlMs, cacheScope })
  return Object.freeze({ ttlMs, cacheScope })
}

/** The bounds of the eras. */
export function limitsFrom({ limits = {} }: FastMCPOptions): EraOptions {
  return { ...ERA_OPTIONS, ...limits }
}
