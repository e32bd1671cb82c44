import { recordedUpstream } from '@fastmcp/ts/testing'
import { describeEras } from '@fastmcp/ts/testing/vitest'
import { expect, it } from 'vitest'
import { createServer } from '../../examples/patterns/a2-openapi-server.ts'
import { callExample } from './call-example.ts'

const POST = { id: 7, userId: 1, title: 'Hello' }

const api = () =>
  recordedUpstream({
    'GET /posts': [POST],
    'GET /posts/7': POST,
    'POST /posts': ({ body }) => Response.json({ id: 101, ...JSON.parse(body) }, { status: 201 }),
    'GET /internal/statistics': { secret: true },
  })

describeEras(
  'A2: an OpenAPI document as a server',
  (open) => {
    it('a GET with parameters is a template, by its path and its query', async () => {
      const { fetch, requests } = api()
      const client = await open(() => createServer(fetch))
      const templates = await client.templates()
      expect(templates.map(({ uriTemplate }) => uriTemplate)).toEqual([
        'resource://list_posts{?userId}',
        'resource://get_post/{id}',
      ])
      const [post] = (await client.readResource('resource://get_post/7')).contents
      expect(JSON.parse(post && 'text' in post ? post.text : '')).toEqual(POST)
      await client.readResource('resource://list_posts?userId=1')
      expect(requests.map(({ method, url }) => `${method} ${url}`)).toEqual([
        'GET https://jsonplaceholder.typicode.com/posts/7',
        'GET https://jsonplaceholder.typicode.com/posts?userId=1',
      ])
    })

    it('a POST is a tool, whose arguments are checked before anything is sent', async () => {
      const { fetch, requests } = api()
      const client = await open(() => createServer(fetch))
      expect((await client.callTool('create_post', { title: 'New', userId: '2' })).data).toEqual({
        id: 101,
        title: 'New',
        userId: 2,
      })
      await expect(client.callTool('create_post', { userId: 2 })).rejects.toThrow('title')
      expect(requests).toMatchObject([{ method: 'POST', body: '{"userId":2,"title":"New"}' }])
    })

    it('a tool of its own stands beside, and what is internal is nowhere', async () => {
      const { fetch, requests } = api()
      const client = await open(() => createServer(fetch))
      expect((await client.tools()).map(({ name }) => name).toSorted()).toEqual(['create_post', 'word_count'])
      expect((await client.callTool('word_count', { text: 'one two' })).data).toBe(2)
      await expect(client.callTool('statistics')).rejects.toThrow()
      await expect(client.readResource('resource://statistics')).rejects.toThrow()
      expect(requests).toEqual([])
    })
  },
  { transports: ['memory'] },
)

it('A2: runs as it stands', async () => {
  const { code, stdout } = await callExample(['a2-openapi-server.ts', 'word_count', 'text=one two three'])
  expect([code, stdout]).toEqual([0, '3\n'])
})
