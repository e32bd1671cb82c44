import type { Provider } from '../provider.ts'
import type { App } from './apps/app.ts'
import type { OpenApiSource } from './document/read-api.ts'
import { openSource } from './open-source.ts'
import type { OpenApiOptions } from './options.ts'
import type { OpenApiReport } from './report.ts'

/** The operations of an API as components, with what came of its document. */
export interface OpenApiProvider extends Provider {
  /** Reads the document if it has not been read. */
  report(): Promise<OpenApiReport>
}

/**
 * An API as a source of components: every operation of its OpenAPI document (Swagger 2.0, OpenAPI 3.0 to 3.2, JSON or YAML) is
 * a tool, unless `routeMaps` make it a resource, a template, or nothing. A document that is given as an object is read at
 * once, and one elsewhere, by its address or path, when it is first needed. An app that has `fetch` is called in this process.
 * Throws where the options or the document cannot be used; an operation that cannot be is left out and reported.
 *
 * @example
 * mcp.mount('shop', openapi(document, { baseUrl: 'https://api.example.com', auth: { apiKey: settings.SHOP_KEY } }))
 *
 * @example
 * mcp.mount(openapi('https://api.example.com/openapi.json', { routeMaps: [{ pattern: '^/admin/', type: 'exclude' }] }))
 */
export function openapi(source: OpenApiSource | App, options: OpenApiOptions = {}): OpenApiProvider {
  return openSource(source, options).provider
}
