import type { ParameterPlace, Route } from './route.ts'

/** How a scheme of the document proves who is calling. */
export type SecurityScheme =
  | {
      readonly type: 'apiKey'
      readonly name: string
      readonly in: Extract<ParameterPlace, 'query' | 'header' | 'cookie'>
    }
  | { readonly type: 'http'; readonly scheme: string }
  | { readonly type: 'oauth2' | 'openIdConnect' }
  /** Proved below HTTP, or in a way that is not known here. */
  | { readonly type: 'mutualTLS' | 'unknown' }

/** An operation that is not offered, and why. */
export interface SkippedRoute {
  readonly method: string
  readonly path: string
  readonly operationId?: string
  /** For the author of the server: what is wrong, in words. */
  readonly reason: string
}

/** A document as data: what is served is made of it alone. */
export interface Api {
  readonly title: string
  readonly version: string
  readonly description?: string
  readonly routes: readonly Route[]
  readonly skipped: readonly SkippedRoute[]
  readonly schemes: ReadonlyMap<string, SecurityScheme>
  /** Where the document came from, against which its relative addresses are read; undefined: from the program itself. */
  readonly address?: URL
  /** What a local reference (`#/…`) leads to, following references to references; undefined where it leads nowhere. */
  resolve(reference: string): unknown
}
