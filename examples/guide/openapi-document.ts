const Item = {
  type: 'object',
  properties: { id: { type: 'integer' }, name: { type: 'string' }, price: { type: 'number' } },
  required: ['name', 'price'],
}
const json = (schema: object): object => ({ description: 'As asked', content: { 'application/json': { schema } } })
const id = { name: 'id', in: 'path', required: true, schema: { type: 'integer' } }

/** What a shop says of its API. */
export const document = {
  openapi: '3.1.0',
  info: { title: 'Shop', version: '2.0.0' },
  servers: [{ url: 'https://{region}.shop.example/v2', variables: { region: { default: 'eu', enum: ['eu', 'us'] } } }],
  security: [{ shopKey: [] }],
  components: { securitySchemes: { shopKey: { type: 'apiKey', in: 'header', name: 'x-shop-key' } } },
  paths: {
    '/items': {
      get: {
        operationId: 'list_items',
        summary: 'Items of the shop',
        tags: ['items'],
        parameters: [
          { name: 'cursor', in: 'query', schema: { type: 'string' } },
          { name: 'tags', in: 'query', schema: { type: 'array', items: { type: 'string' } } },
        ],
        responses: {
          200: json({
            type: 'object',
            properties: { items: { type: 'array', items: Item }, next: { type: 'string' } },
          }),
        },
      },
      post: {
        operationId: 'create_item',
        summary: 'Put an item into the shop',
        tags: ['items', 'staff'],
        requestBody: { required: true, content: { 'application/json': { schema: Item } } },
        responses: { 201: json(Item) },
      },
    },
    '/items/{id}': {
      get: {
        operationId: 'get_item',
        summary: 'An item',
        tags: ['items'],
        parameters: [id],
        responses: { 200: json(Item) },
      },
      delete: {
        operationId: 'delete_item',
        tags: ['items', 'staff'],
        parameters: [id],
        responses: { 204: { description: 'Gone' } },
      },
    },
    '/internal/figures': { get: { operationId: 'figures', responses: { 200: json({ type: 'object' }) } } },
  },
}
