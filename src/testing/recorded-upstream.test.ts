import { describe, expect, it } from 'vitest'
import { upstream } from '../upstream/index.ts'
import { recordedUpstream } from './recorded-upstream.ts'

const baseUrl = 'https://api.example.com/v1'

describe('recordedUpstream', () => {
  it('answers from its table, and keeps what it was asked', async () => {
    const api = recordedUpstream({
      'GET /v1/users/42': { id: 42 },
      'POST /v1/users': ({ body }) => Response.json({ made: JSON.parse(body) }, { status: 201 }),
      'DELETE /v1/users/42': undefined,
    })
    const client = upstream({ baseUrl, fetch: api.fetch, headers: { 'X-Team': 'blue' } })
    expect(await client.get('/users/42')).toEqual({ id: 42 })
    expect(await client.post('/users', { json: { name: 'Ada' } })).toEqual({ made: { name: 'Ada' } })
    expect(await client.delete('/users/42')).toBeUndefined()
    expect(api.requests).toMatchObject([
      { method: 'GET', url: `${baseUrl}/users/42`, headers: { 'x-team': 'blue' }, body: '' },
      { method: 'POST', url: `${baseUrl}/users`, body: '{"name":"Ada"}' },
      { method: 'DELETE' },
    ])
  })

  it('takes the most exact answer', async () => {
    const api = recordedUpstream({
      'GET /v1/x': 'any query',
      'GET /v1/x?page=2': 'the second page',
      'GET https://api.example.com/v1/y': 'one origin',
    })
    const client = upstream({ baseUrl, fetch: api.fetch })
    expect(await client.get('/x', { query: { page: 1 } })).toBe('any query')
    expect(await client.get('/x', { query: { page: 2 } })).toBe('the second page')
    expect(await client.get('/y', { query: { page: 2 } })).toBe('one origin')
  })

  it('gives a response as often as it is asked for', async () => {
    const api = recordedUpstream({ 'GET /v1/x': Response.json({ a: 1 }) })
    const client = upstream({ baseUrl, fetch: api.fetch })
    expect([await client.get('/x'), await client.get('/x')]).toEqual([{ a: 1 }, { a: 1 }])
  })

  it('names what it has no answer to', async () => {
    const client = upstream({ baseUrl, fetch: recordedUpstream({ 'GET /v1/x': 1 }).fetch })
    await expect(client.get('/toString')).rejects.toThrow(
      'There is no answer to GET https://api.example.com/v1/toString. Known: GET /v1/x',
    )
  })

  it('listens to signals', async () => {
    const { fetch, requests } = recordedUpstream({ 'GET /v1/x': 1 })
    const client = upstream({ baseUrl, fetch })
    const reason = new Error('left')
    await expect(client.get('/x', { signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
    expect(requests.length).toBeLessThanOrEqual(1)
  })
})
