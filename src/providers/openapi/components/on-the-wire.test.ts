import { describe, expect, it } from 'vitest'
import { originOf } from '../../../../tests/kit/origin.ts'
import { contextOf } from '../../../engine/backstage.ts'
import { openapi } from '../openapi.ts'

const context = contextOf(originOf())

const text = { schema: { type: 'string' } }
const answers = { 200: { description: 'Fine', content: { 'application/json': { schema: {} } } } }
const document = {
  openapi: '3.1.0',
  info: { title: 'Users', version: '1' },
  paths: {
    '/users/{id}': {
      get: {
        operationId: 'user',
        parameters: [
          { name: 'id', in: 'path', required: true, ...text },
          { name: 'q', in: 'query', ...text },
        ],
        responses: answers,
      },
    },
    '/admin': { get: { operationId: 'admin', responses: answers } },
  },
}

/** Reads a URI of the template; gives the addresses that were asked for. */
async function sentFor(uri: string): Promise<readonly URL[]> {
  const sent: URL[] = []
  const provider = openapi(document, {
    baseUrl: 'https://api.example.com/v1',
    routeMaps: [
      { pattern: '^/admin', type: 'exclude' },
      { methods: ['GET'], type: 'resourceTemplate' },
    ],
    fetch: async (url) => {
      sent.push(new URL(url))
      return Response.json({})
    },
  })
  const [template] = await provider.list('template', context)
  await Promise.resolve()
    .then(() => template?.read(uri, context))
    .catch(() => undefined)
  return sent
}

describe('TPL-01, OA-01: a value of a template stays in its part of the path', () => {
  it('is sent where it is harmless', async () => {
    const [sent] = await sentFor('resource://user/a%20b?q=x')
    expect(sent?.href).toBe('https://api.example.com/v1/users/a%20b?q=x')
  })

  it.each([
    '../admin',
    '..%2Fadmin',
    '%2e%2e%2fadmin',
    '%252e%252e%252fadmin',
    '..;/admin',
    '..%3B%2Fadmin',
    '.',
    '..',
    '%2e',
    '%252e',
    'a%2F..%2F..%2Fadmin',
    'a%2Fb',
    'a;b',
    'a%3Fadmin=1',
    'a%23x',
    '%2F%2Fevil.example',
    '%40evil.example',
    'https%3A%2F%2Fevil.example',
    'a%5C..%5Cadmin',
    'a%0d%0aHost:%20evil.example',
    '%E2%80%AE',
    '%EF%BC%8E%EF%BC%8E',
    '%00',
    '%ff',
    'x'.repeat(10_240),
  ])('%s', async (value) => {
    for (const { origin, pathname, search, hash, username } of await sentFor(`resource://user/${value}`)) {
      expect({ origin, search, hash, username }).toEqual({
        origin: 'https://api.example.com',
        search: '',
        hash: '',
        username: '',
      })
      expect(pathname).toMatch(/^\/v1\/users\/[^/\\]+$/)
      expect(decodeURIComponent(pathname.slice('/v1/users/'.length))).toBe(decodeURIComponent(value))
    }
  })

  it.each(['../admin', 'x&admin=1', 'x#y', '?x', '\r\nHost: evil.example', '\u0000', 'ä&q=2'])(
    'and one of a query in its part of the query: %j',
    async (value) => {
      const [sent, ...more] = await sentFor(`resource://user/7?q=${encodeURIComponent(value)}`)
      expect(more).toEqual([])
      if (sent === undefined) return
      expect(sent.pathname).toBe('/v1/users/7')
      expect([...sent.searchParams]).toEqual([['q', value]])
      expect(sent.hash).toBe('')
    },
  )

  it('what is excluded has no URI', async () => {
    for (const uri of ['resource://admin', 'resource://user/admin/../admin', 'resource://user/../admin']) {
      expect(await sentFor(uri)).toEqual([])
    }
  })
})
