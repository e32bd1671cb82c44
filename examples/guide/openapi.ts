// #region mount

import { openapi } from '@fastmcp/ts/openapi'

// #endregion
// #region whole

import { fromOpenAPI } from '@fastmcp/ts/openapi'

// #endregion
// #region oauth

import { oauth2 } from '@fastmcp/ts/upstream'

// #endregion

import { type Context, FastMCP } from '@fastmcp/ts'
import type { App } from '@fastmcp/ts/openapi'
import type { Fetch } from '@fastmcp/ts/upstream'
import { document } from './openapi-document.ts'

/** Tests send requests their own way. Left out, addresses that only a document names are guarded. */
const sendingBy =
  (fetch: Fetch): typeof openapi =>
  (source, options) =>
    openapi(source, options && { fetch, ...options })

/** A server with a part of an API for each section of the page. */
export function createServer(fetch: Fetch, url: string, app: App): FastMCP {
  const mcp = new FastMCP({ name: 'shops', version: '1.0.0' })
  const openapi = sendingBy(fetch)
  const key = 'shop-key-of-the-server'

  // #region mount
  mcp.mount('shop', openapi(document, { auth: { shopKey: key } }))
  // #endregion

  // #region routes
  mcp.mount(
    'catalogue',
    openapi(document, {
      routeMaps: [
        { pattern: '^/internal/', type: 'exclude' },
        { tags: ['staff'], type: 'exclude' },
        { methods: ['GET'], pattern: /\{/, type: 'resourceTemplate', mcpTags: ['read'] },
      ],
      auth: { shopKey: key },
    }),
  )
  // #endregion

  // #region decide
  mcp.mount(
    'staff',
    openapi(document, {
      routeMapFn: ({ method, tags }) => (method !== 'GET' && tags.includes('staff') ? undefined : 'exclude'),
      names: { create_item: 'add_item' },
      tags: ['staff-only'],
      componentFn: (route, component) =>
        route.method === 'DELETE' ? { ...component, tags: [...component.tags, 'dangerous'] } : undefined,
      auth: { shopKey: key },
    }),
  )
  // #endregion

  // #region elsewhere
  mcp.mount('remote', openapi(url, { limits: { timeout: 5_000 } }))
  // #endregion

  // #region app
  mcp.mount('app', openapi(app))
  // #endregion

  // #region place
  const american = openapi(document, { serverVariables: { region: 'us' }, auth: { shopKey: key } })
  const local = openapi(document, { baseUrl: 'http://127.0.0.1:8080/v2', auth: { shopKey: key } })
  // #endregion
  mcp.mount('us', american)
  mcp.mount('local', local)

  // #region auth
  const keys = new Map([['ada', 'key-of-ada']])
  const perCaller = openapi(document, {
    auth: { shopKey: (ctx: Context | undefined) => keys.get(ctx?.auth?.subject ?? '') },
    headers: { 'x-team': 'blue' },
    forwardHeaders: ['x-request-id'],
  })
  // #endregion
  mcp.mount('mine', perCaller)

  // #region oauth
  const login = { tokenUrl: 'https://login.example.com/token', clientId: 'shop', clientSecret: 'secret', fetch }
  const signedIn = openapi(document, {
    auth: { shopKey: { prove: oauth2({ ...login, grant: 'client_credentials' }) } },
  })
  // #endregion
  mcp.mount('signed', signedIn)

  // #region habits
  const careful = openapi(document, {
    timeout: 5_000,
    retry: { retries: 1 },
    rateLimit: { limit: 100, per: 60_000 },
    maxResponseBytes: 1_000_000,
    habits: ({ operationId }) =>
      operationId === 'list_items'
        ? {
            pick: ['items.*.name'],
            paginate: { by: 'cursor', parameter: 'cursor', next: 'next', items: 'items', maxPages: 3 },
          }
        : undefined,
    output: 'strict',
    auth: { shopKey: key },
  })
  // #endregion
  mcp.mount('careful', careful)
  return mcp
}

// #region whole
export const shop = fromOpenAPI(document, {
  auth: { shopKey: () => process.env.SHOP_KEY },
  server: { name: 'shop', instructions: 'Look for items before you create one.' },
})
// #endregion

// #region report
export async function tell(): Promise<readonly string[]> {
  const { taken, skipped, missingCredentials, tokens, advice } = await openapi(document, { onReport() {} }).report()
  const left = skipped.map(({ method, path, reason }) => `${method} ${path}: ${reason}`)
  return [`${taken.length} operations, about ${tokens} tokens`, ...left, ...missingCredentials, ...advice]
}
// #endregion
