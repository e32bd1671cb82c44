import { FastMCP, type FastMCPOptions } from '../../index.ts'
import type { App } from './apps/app.ts'
import type { OpenApiSource } from './document/read-api.ts'
import { openSource } from './open-source.ts'
import type { OpenApiOptions } from './options.ts'

/** What becomes of an API, and what the server around it is. */
export interface FromOpenApiOptions extends OpenApiOptions {
  /** As for `new FastMCP`; name and version are those of the document where it is given as an object. */
  readonly server?: Partial<FastMCPOptions>
}

/**
 * A server made of an API, which is one for more: add tools of your own, layers, transforms. It is there at once; a document
 * elsewhere is read when it is first needed.
 *
 * @example
 * export const mcp = fromOpenAPI(document, { baseUrl: 'https://api.example.com', server: { name: 'shop' } })
 */
export function fromOpenAPI(
  source: OpenApiSource | App,
  { server = {}, ...options }: FromOpenApiOptions = {},
): FastMCP {
  const { provider, info } = openSource(source, options)
  const name = info?.title.trim() || 'OpenAPI'
  const version = info?.version.trim() || '0.0.0'
  const mcp = new FastMCP({ name, version, ...server })
  mcp.mount(provider)
  return mcp
}
