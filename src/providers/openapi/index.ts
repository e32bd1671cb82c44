/**
 * APIs with an OpenAPI document as sources of tools, resources and templates (door `@fastmcp/ts/openapi`).
 *
 * @module
 */
export type { AnyComponent } from '../../components/component.ts'
export type { App } from './apps/app.ts'
export type { OpenApiSource } from './document/read-api.ts'
export { type FromOpenApiOptions, fromOpenAPI } from './from-openapi.ts'
export { type OpenApiProvider, openapi } from './openapi.ts'
export type {
  Credential,
  DocumentLimits,
  OpenApiOptions,
  OpenComponent,
  Pagination,
  RouteHabits,
  RouteMap,
  RouteType,
} from './options.ts'
export type { ExcludedRoute, OpenApiReport, TakenRoute } from './report.ts'
export type { SecurityScheme, SkippedRoute } from './routes/api.ts'
export type {
  Encoding,
  MediaType,
  Parameter,
  ParameterPlace,
  ParameterStyle,
  RawSchema,
  RequestBody,
  Route,
  RouteMethod,
  RouteResponse,
  RouteServer,
  SecurityNeed,
} from './routes/route.ts'
