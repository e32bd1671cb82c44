const Post = {
  type: 'object',
  properties: { id: { type: 'integer' }, userId: { type: 'integer' }, title: { type: 'string' } },
  required: ['title'],
}
const answer = (description: string, schema: object): object => ({
  description,
  content: { 'application/json': { schema } },
})

/** What an API says of itself; yours is mostly a file, and `openapi` takes its path or address too. */
export const document = {
  openapi: '3.1.0',
  info: { title: 'Posts', version: '1.0.0' },
  servers: [{ url: 'https://jsonplaceholder.typicode.com' }],
  paths: {
    '/posts': {
      get: {
        operationId: 'list_posts',
        summary: 'All posts',
        parameters: [{ name: 'userId', in: 'query', schema: { type: 'integer' } }],
        responses: { 200: answer('Posts', { type: 'array', items: Post }) },
      },
      post: {
        operationId: 'create_post',
        summary: 'Write a post',
        requestBody: { required: true, content: { 'application/json': { schema: Post } } },
        responses: { 201: answer('The post', Post) },
      },
    },
    '/posts/{id}': {
      get: {
        operationId: 'get_post',
        summary: 'A post',
        parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'integer' } }],
        responses: { 200: answer('The post', Post) },
      },
    },
    '/internal/statistics': {
      get: { operationId: 'statistics', responses: { 200: answer('Figures', { type: 'object' }) } },
    },
  },
}
