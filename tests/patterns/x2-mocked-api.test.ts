import { recordedUpstream } from '@fastmcp/ts/testing'
import { describeEras } from '@fastmcp/ts/testing/vitest'
import { expect, it } from 'vitest'
import { createServer } from '../../examples/patterns/x2-mocked-api.ts'

describeEras('X2: a server whose API is another one', (open) => {
  it('asks for the user once', async () => {
    const api = recordedUpstream({ 'GET /users/7': { id: 7, name: 'Ada', email: 'ada@example.com' } })
    const client = await open(createServer(api.fetch))
    expect((await client.callTool('get_user', { id: 7 })).data).toEqual({ id: 7, name: 'Ada' })
    expect(api.requests).toMatchObject([{ method: 'GET', url: 'https://jsonplaceholder.typicode.com/users/7' }])
  })

  it('tells of a user who is not there', async () => {
    const before = globalThis.fetch
    const api = recordedUpstream({ 'GET /users/8': new Response('{}', { status: 404 }) })
    const client = await open(createServer(api.fetch))
    await expect(client.callTool('get_user', { id: 8 })).rejects.toMatchObject({
      code: 'NOT_FOUND',
      message: expect.stringContaining('The directory answered GET /users/{id} with 404 Not Found'),
    })
    expect(api.requests).toHaveLength(1)
    expect(globalThis.fetch).toBe(before)
  })

  it('servers with other stand-ins run side by side', async () => {
    const apis = [1, 2, 3].map((id) => recordedUpstream({ [`GET /users/${id}`]: { id, name: `User ${id}` } }))
    const clients = await Promise.all(apis.map((api) => open(createServer(api.fetch))))
    const results = await Promise.all(clients.map((client, index) => client.callTool('get_user', { id: index + 1 })))
    expect(results.map(({ data }) => data)).toEqual([1, 2, 3].map((id) => ({ id, name: `User ${id}` })))
    expect(apis.map(({ requests }) => requests.length)).toEqual([1, 1, 1])
  })
})
