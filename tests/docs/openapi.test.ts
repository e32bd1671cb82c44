import { createTestClient, recordedUpstream } from '@fastmcp/ts/testing'
import { describeEras } from '@fastmcp/ts/testing/vitest'
import { expect, it } from 'vitest'
import { createServer, shop, tell } from '../../examples/guide/openapi.ts'
import { document } from '../../examples/guide/openapi-document.ts'

const CAP = { name: 'Cap', price: 9 }

const api = () =>
  recordedUpstream({
    'GET /openapi.json': { ...document, paths: {} },
    'GET /v2/items': { items: [CAP], next: 'b' },
    'GET /v2/items?cursor=b': { items: [{ name: 'Hat', price: 12 }] },
    'GET /v2/items/7': { id: 7, ...CAP },
    'POST /v2/items': ({ body }) => Response.json({ id: 8, ...JSON.parse(body) }, { status: 201 }),
    'DELETE /v2/items/7': new Response(null, { status: 204 }),
    'POST /token': { access_token: 'token-of-the-shop', token_type: 'Bearer', expires_in: 3600 },
  })

const app = { fetch: () => Response.json({ openapi: '3.1.0', info: { title: 'App', version: '1' }, paths: {} }) }
const create = (fetch: ReturnType<typeof api>['fetch']) =>
  createServer(fetch, 'https://docs.shop.example/openapi.json', app)

describeEras(
  'the page on OpenAPI',
  (open) => {
    it('makes tools of operations, with a key and an address', async () => {
      const { fetch, requests } = api()
      const client = await open(() => create(fetch))
      expect((await client.callTool('shop_get_item', { id: 7 })).data).toEqual({ id: 7, ...CAP })
      await client.callTool('us_get_item', { id: 7 })
      await client.callTool('local_get_item', { id: 7 })
      expect(requests.filter(({ url }) => url.includes('/items'))).toMatchObject([
        { url: 'https://eu.shop.example/v2/items/7', headers: { 'x-shop-key': 'shop-key-of-the-server' } },
        { url: 'https://us.shop.example/v2/items/7' },
        { url: 'http://127.0.0.1:8080/v2/items/7' },
      ])
    })

    it('makes of them what the rules say', async () => {
      const client = await open(() => create(api().fetch))
      const names = (await client.tools()).map(({ name }) => name)
      expect(names.filter((name) => name.startsWith('catalogue_'))).toEqual(['catalogue_list_items'])
      expect(names.filter((name) => name.startsWith('staff_'))).toEqual(['staff_add_item', 'staff_delete_item'])
      expect((await client.templates()).map(({ uriTemplate }) => uriTemplate)).toEqual([
        'resource://catalogue/get_item/{id}',
      ])
    })

    it('asks as it is told to: pages, a part of the answers', async () => {
      const client = await open(() => create(api().fetch))
      const { data } = await client.callTool('careful_list_items')
      expect(JSON.stringify(data)).toMatch(/Cap.*Hat/)
      expect(JSON.stringify(data)).not.toContain('price')
    })

    it('proves each caller, or the server', async () => {
      const { fetch, requests } = api()
      const client = await open(() => create(fetch))
      await expect(client.callTool('mine_get_item', { id: 7 })).rejects.toThrow()
      await client.callTool('signed_get_item', { id: 7 })
      expect(requests.find(({ url }) => url.includes('/items'))?.headers).toMatchObject({
        authorization: 'Bearer token-of-the-shop',
      })
    })
  },
  { transports: ['memory'] },
)

it('makes a whole server', async () => {
  await using client = await createTestClient(shop)
  expect(client.serverInfo).toMatchObject({ name: 'shop', version: '2.0.0' })
  expect((await client.tools()).length).toBe(5)
})

it('tells what came of it', async () => {
  const [figures, ...others] = await tell()
  expect(figures).toMatch(/^5 operations, about \d+ tokens$/)
  expect(others).toContain('shopKey')
})
