/** An API with an OpenAPI document, here an app of the same process. Each customer has a key of their own. */
const CUSTOMERS = new Map([
  ['shop-key-of-ada', 'ada'],
  ['shop-key-of-bob', 'bob'],
])

const text = { type: 'string' }
const ok = { 200: { description: 'Done', content: { 'application/json': { schema: { type: 'object' } } } } }
const id = { name: 'id', in: 'path', required: true, schema: { type: 'integer' } }
const order = {
  type: 'object',
  required: ['item', 'warehouse'],
  properties: { item: text, warehouse: text, note: text },
}

export const document = {
  openapi: '3.1.0',
  info: { title: 'Shop', version: '1.0.0' },
  security: [{ shopKey: [] }],
  paths: {
    '/items/{id}': { get: { operationId: 'get_item', summary: 'An item', parameters: [id], responses: ok } },
    '/orders': {
      post: {
        operationId: 'create_order',
        summary: 'Orders an item',
        requestBody: { required: true, content: { 'application/json': { schema: order } } },
        responses: ok,
      },
    },
    '/refunds': { post: { operationId: 'refund', summary: 'Refunds it all', tags: ['staff'], responses: ok } },
    '/wishes': { post: { operationId: 'wish', summary: 'Wishes for an item', tags: ['beta'], responses: ok } },
    '/internal/reset': { post: { operationId: 'reset', responses: ok } },
  },
  components: { securitySchemes: { shopKey: { type: 'apiKey', in: 'header', name: 'x-shop-key' } } },
}

export const shop = {
  async fetch(request: Request): Promise<Response> {
    const { pathname } = new URL(request.url)
    if (pathname === '/openapi.json') return Response.json(document)
    const customer = CUSTOMERS.get(request.headers.get('x-shop-key') ?? '')
    if (customer === undefined) return new Response('Whose key is this?', { status: 401 })
    const body = request.body === null ? undefined : await request.json()
    return Response.json({ did: `${request.method} ${pathname}`, customer, body })
  },
}
