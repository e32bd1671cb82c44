import type { RouteType } from './options.ts'
import type { SkippedRoute } from './routes/api.ts'
import type { RouteMethod } from './routes/route.ts'

/** An operation that became something. */
export interface TakenRoute {
  readonly method: RouteMethod
  readonly path: string
  readonly operationId?: string
  readonly type: Exclude<RouteType, 'exclude'>
  /** The name of the tool, or the URI of the resource or template. */
  readonly id: string
  /** Set where the name is not the one that the document or the options asked for. */
  readonly renamedFrom?: string
  /** What could not be done as the document says, in words; mostly empty. */
  readonly notes: readonly string[]
}

/** An operation that the route maps leave out. */
export type ExcludedRoute = Pick<TakenRoute, 'method' | 'path' | 'operationId'>

/** What came of a document. */
export interface OpenApiReport {
  readonly title: string
  readonly version: string
  readonly taken: readonly TakenRoute[]
  /** By choice of the author. */
  readonly excluded: readonly ExcludedRoute[]
  /** Not by choice: each with its reason. */
  readonly skipped: readonly SkippedRoute[]
  /** Security schemes that operations need and no credential was given for. */
  readonly missingCredentials: readonly string[]
  /** About how many tokens the list of all tools costs a model. */
  readonly tokens: number
  /** What to do about it, in words: mostly empty. */
  readonly advice: readonly string[]
}
