import type { AnyComponent } from '../../components/component.ts'
import type { Awaitable } from '../../engine/call.ts'
import type { Context } from '../../engine/context.ts'
import type { UpstreamAuth } from '../../upstream/auth.ts'
import type { Fetch } from '../../upstream/follow.ts'
import type { RetryHabits } from '../../upstream/settings.ts'
import type { OpenApiReport } from './report.ts'
import type { Route, RouteMethod } from './routes/route.ts'

/** What an operation becomes. */
export type RouteType = 'tool' | 'resource' | 'resourceTemplate' | 'exclude'

/** A rule for operations. All that it names must fit; the first rule that fits decides. */
export interface RouteMap {
  /** Default `*`: any. */
  readonly methods?: '*' | readonly (RouteMethod | Lowercase<RouteMethod>)[]
  /** Searched for in the path; a text is the source of a regular expression. Default: any path. */
  readonly pattern?: string | RegExp
  /** All of them must be tags of the operation. */
  readonly tags?: readonly string[]
  readonly type: RouteType
  /** Added to the tags of what it becomes. */
  readonly mcpTags?: readonly string[]
}

/**
 * What proves the caller for one security scheme: a key or a token, put where the scheme wants it; user and password for
 * HTTP Basic (or `user:password`); or what proves whole requests, such as `{ prove: oauth2({ … }) }`.
 */
export type CredentialValue =
  | string
  | { readonly username: string; readonly password: string }
  | { readonly prove: UpstreamAuth }

/** The same, or what gives it for each call; undefined: this caller has none. */
export type Credential = CredentialValue | ((ctx: Context | undefined) => Awaitable<CredentialValue | undefined>)

/** How answers that come in pages are put together. */
export type Pagination =
  /** Follows `Link: <…>; rel="next"` (RFC 8288). */
  | { readonly by: 'link'; readonly maxPages?: number }
  /** Puts what stands at `next` of an answer into the parameter. */
  | {
      readonly by: 'cursor'
      readonly parameter: string
      readonly next: string
      readonly items: string
      readonly maxPages?: number
    }

/** The habits of one operation; what is left out is as for all. */
export interface RouteHabits {
  /** Milliseconds for one try, from its sending to the last byte of its answer; default 30,000. */
  readonly timeout?: number
  /** How what changes nothing when it is done twice is tried again; default as for `upstream`. */
  readonly retry?: RetryHabits | false
  /**
   * At most `limit` requests in any `per` milliseconds; calls wait for their turn, for as long as `timeout` at most. What is
   * said for one operation counts beside what is said for all.
   */
  readonly rateLimit?: { readonly limit: number; readonly per: number }
  /** Paths of the members that are kept of an answer, as `items.*.name`; left out, all. */
  readonly pick?: readonly string[]
  readonly paginate?: Pagination
}

/** A component with its definition and tags, which may be changed. */
export type OpenComponent = Opened<AnyComponent>

type Opened<C> = C extends AnyComponent
  ? Writable<Omit<C, 'definition' | 'tags'>> & { definition: Writable<C['definition']>; tags: string[] }
  : never
type Writable<T> = { -readonly [K in keyof T]: T[K] }

/** What becomes of an API, and how it is called. */
export interface OpenApiOptions extends Omit<RouteHabits, 'pick' | 'paginate'> {
  /** Where the API is; left out, as the document says, if that is a public address. */
  readonly baseUrl?: string | URL
  /** Values for the variables in the addresses of the document; only those that it lists. */
  readonly serverVariables?: Readonly<Record<string, string>>
  /** Sent with every request. */
  readonly headers?: Readonly<Record<string, string>>
  /** Names of headers of the caller that are handed on; left out, none. Never those that prove the caller to this server. */
  readonly forwardHeaders?: readonly string[]
  /** By the names of the security schemes of the document. */
  readonly auth?: Readonly<Record<string, Credential>>
  /**
   * Sends requests; default: the runtime's `fetch`, and a guarded one for addresses that only the document names. One of
   * yours decides by itself what the names in those lead to.
   */
  readonly fetch?: Fetch | undefined
  /** Most decoded bytes of an answer; default 10 MiB. */
  readonly maxResponseBytes?: number
  /** Rules for what operations become, before the one that makes all of them tools. */
  readonly routeMaps?: readonly RouteMap[]
  /** Has the last word on what an operation becomes; undefined: as it is. */
  readonly routeMapFn?: (route: Route, type: RouteType) => RouteType | undefined
  /** Changes what was made of an operation, in place or by giving another. */
  readonly componentFn?: (route: Route, component: OpenComponent) => AnyComponent | undefined
  /**
   * Names by `operationId`, each of one that there is, or what gives them; left out, made from the `operationId`, the summary
   * or the path.
   */
  readonly names?: Readonly<Record<string, string>> | ((route: Route) => string | undefined)
  /** Added to the tags of everything. */
  readonly tags?: readonly string[]
  /** The habits of single operations. */
  readonly habits?: (route: Route) => RouteHabits | undefined
  /**
   * `lenient`, the default: tools show what they answer with, and an answer of another shape is passed on all the same.
   * `strict`: it is an error. `none`: they do not show it.
   */
  readonly output?: 'lenient' | 'strict' | 'none'
  /** Of an app as a source: its document, or the path where it serves it; left out, it is looked for. */
  readonly document?: object | string
  /** External references that may be read, each by its whole address; left out, none. Never addresses inside a network. */
  readonly externalReferences?: (address: URL) => boolean
  readonly limits?: DocumentLimits
  /** Told once what came of the document. Left out, the server logs what is worth knowing. */
  readonly onReport?: (report: OpenApiReport) => void
  /** Hears why a document elsewhere cannot be read, each time it was tried; default standard error. */
  readonly onError?: (problem: Error) => void
}

/** How much of a document is read. */
export interface DocumentLimits {
  /** Default 16 MiB. */
  readonly bytes?: number
  /** Default 2,000; more are skipped, and reported. */
  readonly operations?: number
  /** Milliseconds to download it; default 10,000. */
  readonly timeout?: number
}
