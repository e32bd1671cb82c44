/**
 * One server in front of others: an MCP server elsewhere, an API by its OpenAPI document, and tools of its own. Callers
 * sign in here; behind, each is known by a credential of their own.
 *
 *     npx fastmcp run examples/gateway/tickets.ts --transport http --port 8001
 *     npx fastmcp run examples/gateway/server.ts --transport http --port 8000
 *     npx fastmcp list http://127.0.0.1:8000/mcp --header authorization='Bearer token-of-ada'
 */
// #region people

import {
  type Auth,
  FastMCP,
  hide,
  pipe,
  rename,
  resourcesAsTools,
  search,
  transformTool,
  visibility,
} from '@fastmcp/ts'
import { authorize } from '@fastmcp/ts/middleware'
import { openapi } from '@fastmcp/ts/openapi'
import { proxy } from '@fastmcp/ts/proxy'
import { shop } from './shop.ts'

const PEOPLE = new Map<string, Auth>([
  ['Bearer token-of-ada', { subject: 'ada', scopes: ['staff'] }],
  ['Bearer token-of-bob', { subject: 'bob', scopes: [] }],
])

/** What somebody is known by at a server behind. Here it is made up; in earnest it is looked up or exchanged. */
const credentialOf = (auth: Auth | undefined, place: string): string | undefined =>
  auth === undefined ? undefined : `${place}-of-${auth.subject}`
// #endregion

export async function createGateway(ticketsUrl: string): Promise<FastMCP> {
  // #region parts
  const mcp = new FastMCP({
    name: 'gateway',
    version: '1.0.0',
    authenticate: (request) => PEOPLE.get(request.header('authorization') ?? ''),
  })

  const tickets = proxy(ticketsUrl, {
    headersFor: (auth): Record<string, string> => {
      const token = credentialOf(auth, 'tickets-token')
      return token === undefined ? {} : { authorization: `Bearer ${token}` }
    },
  })
  mcp.mount('tickets', pipe(tickets, hide({ names: ['purge'] }), rename({ create: 'report' })))

  mcp.mount(
    'shop',
    openapi(shop, {
      routeMaps: [
        { pattern: '^/internal/', type: 'exclude' },
        { methods: ['GET'], type: 'resourceTemplate' },
      ],
      auth: { shopKey: (ctx) => credentialOf(ctx?.auth, 'shop-key') },
    }),
  )
  // #endregion

  // #region tools
  mcp.add(
    transformTool(await mcp.getTool('shop_create_order'), {
      name: 'order',
      description: 'Orders an item for whoever is calling',
      args: {
        warehouse: { hide: true, default: 'north' },
        note: { hide: true, default: (ctx) => `for ${ctx.auth?.subject}` },
      },
    }),
  )
  mcp.transform(hide({ names: ['shop_create_order'] })) // `order` stands in its place
  // #endregion

  // #region views
  const features = visibility({ disabled: { tags: ['beta'] } })
  mcp.transform(features)
  mcp.tool('open_beta', { description: 'Shows everybody what is new' }, () => {
    features.enable({ tags: ['beta'] })
    return 'open'
  })

  const forStaff = ['open_beta', 'shop_refund']
  mcp.use(authorize((auth, _call, { name }) => !forStaff.includes(name) || auth?.scopes?.includes('staff') === true))

  mcp.transform(resourcesAsTools(), search({ alwaysVisible: ['order'] })) // last: they show what is left by then
  // #endregion
  return mcp
}

export const mcp = await createGateway(process.env.TICKETS_URL ?? 'http://127.0.0.1:8001/mcp')
