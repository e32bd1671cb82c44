import type { JsonSchema } from '../../../schema/json-schema.ts'

/** What can be done with a path of an API. */
export type RouteMethod = 'GET' | 'HEAD' | 'OPTIONS' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'TRACE' | 'QUERY'

/** A schema as the document has it: draft 2020-12, its references still leading into the document. */
export type RawSchema = JsonSchema | boolean

/** Where a value of a request stands. */
export type ParameterPlace = 'path' | 'query' | 'header' | 'cookie' | 'querystring'

/** How a value is written. Each place allows some of them (OpenAPI 3.1, 4.8.12). Tabs separate in Swagger 2.0 only. */
export type ParameterStyle =
  | 'simple'
  | 'label'
  | 'matrix'
  | 'form'
  | 'spaceDelimited'
  | 'pipeDelimited'
  | 'tabDelimited'
  | 'deepObject'
  | 'cookie'

/** One value beside the body of a request; its references are resolved but for those of its schema. */
export interface Parameter {
  readonly name: string
  readonly in: ParameterPlace
  readonly required: boolean
  readonly description?: string
  readonly deprecated: boolean
  readonly schema?: RawSchema
  /** Values that it may have, as the document gives them beside the schema. */
  readonly examples?: readonly unknown[]
  readonly style: ParameterStyle
  readonly explode: boolean
  readonly allowReserved: boolean
  /** The media type in which the value is written, instead of a style. */
  readonly content?: MediaType
}

/** How one property of a form is written. */
export interface Encoding {
  readonly contentType?: string
  readonly headers: readonly Parameter[]
  readonly style?: ParameterStyle
  readonly explode?: boolean
  readonly allowReserved: boolean
}

/** One form of a body. */
export interface MediaType {
  /** In lower case, without parameters; may hold `*`. */
  readonly type: string
  /** As the document has them, without a charset: `version=2`. */
  readonly parameters?: string
  readonly schema?: RawSchema
  readonly encoding: ReadonlyMap<string, Encoding>
}

/** The body of a request. */
export interface RequestBody {
  readonly required: boolean
  readonly description?: string
  /** In the order of the document; never empty. */
  readonly content: readonly MediaType[]
}

/** One answer that the document knows. */
export interface RouteResponse {
  /** `200`, `2XX` or `default`. */
  readonly status: string
  readonly description?: string
  readonly content: readonly MediaType[]
}

/** An address that serves a route. */
export interface RouteServer {
  /** As the document has it: maybe relative, maybe with `{variables}`. */
  readonly url: string
  readonly description?: string
  readonly variables: ReadonlyMap<string, { readonly default: string; readonly enum?: readonly string[] }>
}

/** Schemes that prove a caller together, with the scopes that each needs; none: nothing is to be proved. */
export type SecurityNeed = ReadonlyMap<string, readonly string[]>

/** One operation of an API, as route maps and functions of users see it. */
export interface Route {
  readonly method: RouteMethod
  /** As the document has it: `/users/{id}`. */
  readonly path: string
  readonly operationId?: string
  readonly summary?: string
  readonly description?: string
  readonly tags: readonly string[]
  readonly deprecated: boolean
  /** Those of the path and of the operation, which win. */
  readonly parameters: readonly Parameter[]
  readonly body?: RequestBody
  readonly responses: readonly RouteResponse[]
  /** Of the operation, or else of the path, or else of the document; never empty. */
  readonly servers: readonly RouteServer[]
  /** Any of them will do; empty: open to everybody. */
  readonly security: readonly SecurityNeed[]
  /** Members that begin with `x-`. */
  readonly extensions: Readonly<Record<string, unknown>>
  /** What of it could not be read as the document has it, in words; left out, nothing. */
  readonly notes?: readonly string[]
}
