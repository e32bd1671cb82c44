import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { closed, sendJson, startApi } from '../../tests/kit/local-api.ts'
import { everythingIn, failureOf } from '../../tests/kit/upstream-failure.ts'
import { apiKey } from './api-key.ts'
import { upstream } from './upstream.ts'

const User = z.object({ id: z.number(), name: z.string() })

describe('asking for JSON', () => {
  it('sends what is given, and gives what the schema makes of the answer', async () => {
    await using api = await startApi(({ method, url, body }) => ({ method, url, body }))
    const client = upstream({ baseUrl: `${api.url}/v1`, headers: { 'x-team': 'blue' } })
    const Echo = z.object({ method: z.string(), url: z.string(), body: z.string().transform((text) => text.length) })

    const got = await client.get('/users/{id}/posts', {
      params: { id: 'a/b c' },
      query: { q: 'x&y', page: 2, tag: ['a', 'b'], none: undefined },
      output: Echo,
    })
    expect(got).toEqual({ method: 'GET', url: '/v1/users/a%2Fb%20c/posts?q=x%26y&page=2&tag=a&tag=b', body: 0 })
    expect(await client.post('users', { json: { name: 'Ada' }, output: Echo })).toMatchObject({
      method: 'POST',
      body: 14,
    })
    for (const method of ['put', 'patch', 'delete'] as const) {
      expect(await client[method]('/users', { json: [1] })).toMatchObject({ method: method.toUpperCase(), body: '[1]' })
    }
    const query = new URLSearchParams('a=1&a=2&b=x+y')
    expect(await client.get('/users', { query })).toMatchObject({ url: '/v1/users?a=1&a=2&b=x+y' })
    expect(await client.request('OPTIONS', '/users')).toMatchObject({ method: 'OPTIONS' })
    const [first, second] = api.asked
    expect(first?.headers).toMatchObject({ accept: 'application/json', 'x-team': 'blue' })
    expect(second?.headers).toMatchObject({ 'content-type': 'application/json' })
  })

  it('gives undefined for an answer without content', async () => {
    await using api = await startApi(({ url }, response) => {
      response.writeHead(url === '/empty' ? 200 : 204).end()
    })
    const client = upstream({ baseUrl: api.url })
    expect(await client.delete('/users/1')).toBeUndefined()
    expect(await client.get('/empty')).toBeUndefined()
    expect(await client.request('HEAD', '/users/1')).toBeUndefined()
    expect(await client.get('/none', { output: User.optional() })).toBeUndefined()
    await expect(client.get('/none', { output: User })).rejects.toThrow('The API answered GET /none with nothing')
  })

  it('tells where an answer is not what was expected, and not what is there', async () => {
    await using api = await startApi(() => ({ id: 'canary-1', name: 'Ada' }))
    const problem = await failureOf(upstream({ baseUrl: api.url, name: 'CRM' }).get('/users/1', { output: User }))
    expect(problem).toMatchObject({ code: 'API_ERROR', reason: 'unexpected', status: 200 })
    expect(problem.message).toBe('CRM answered GET /users/1 with another shape than expected, at id')
  })

  it('drops members that would change what all objects inherit', async () => {
    const texts = [
      '{"a":1,"__proto__":{"polluted":1}}',
      '{"a":1,"_\\u005fproto__":{"polluted":1}}',
      '{"a":1,"__\\u0070roto__":2}',
    ]
    await using api = await startApi(({ url }, response) => {
      response.setHeader('content-type', 'application/json').end(texts[Number(url.slice(1))])
    })
    const client = upstream({ baseUrl: api.url })
    for (const index of texts.keys()) expect(Object.keys((await client.get(`/${index}`)) as object)).toEqual(['a'])
  })

  it('uses the fetch that it is given, and nothing else', async () => {
    const asked: string[] = []
    const client = upstream({
      baseUrl: 'https://api.example.com/v1/',
      fetch: async (url) => {
        asked.push(url)
        return Response.json({ id: 1, name: 'Ada' })
      },
    })
    expect(await client.get('/users/{id}', { params: { id: 1 }, output: User })).toEqual({ id: 1, name: 'Ada' })
    expect(asked).toEqual(['https://api.example.com/v1/users/1'])
  })
})

describe('the path of a request', () => {
  const client = upstream({
    baseUrl: 'https://api.example.com/v1',
    fetch: async (url) => Response.json(url),
  })

  it.each([
    '/../admin',
    '/users/../../admin',
    '/users/%2e%2e/%2E./admin',
    '/users/..%2f..%2fadmin',
    '/a\\..\\b',
    'https://evil.example/',
    '/users\n/1',
    '/users?admin=true',
    '/users#x',
  ])('stays below the base: %j', async (path) => {
    const problem = await client.get(path).catch((caught: unknown) => caught)
    expect(problem).toMatchObject({ name: 'ToolError', code: 'VALIDATION_ERROR' })
  })

  it.each(['//evil.example/x', '@evil.example', ':8080/x', '.hidden', '...', 'a..b', 'users:batch', '/ä ö'])(
    'takes what only looks odd: %j',
    async (path) => {
      expect(await client.get(path)).toMatch(/^https:\/\/api\.example\.com\/v1\//)
    },
  )

  it.each(['..', '.', '../admin', 'a/../../b', '', '\ud800'])(
    'takes no parameter that is more than a value: %j',
    async (id) => {
      await expect(client.get('/users/{id}', { params: { id } })).rejects.toMatchObject({ code: 'VALIDATION_ERROR' })
    },
  )

  it('encodes parameters', async () => {
    expect(await client.get('/users/{id}', { params: { id: 'a?b#c/d e%2f' } })).toBe(
      'https://api.example.com/v1/users/a%3Fb%23c%2Fd%20e%252f',
    )
  })
})

describe('an answer that is no success', () => {
  it.each([
    [401, 'UNAUTHORIZED'],
    [403, 'UNAUTHORIZED'],
    [404, 'NOT_FOUND'],
    [410, 'NOT_FOUND'],
    [429, 'RATE_LIMITED'],
    [400, 'API_ERROR'],
    [422, 'API_ERROR'],
    [500, 'API_ERROR'],
    [503, 'API_ERROR'],
    [302, 'API_ERROR'],
  ])('%i is %s', async (status, code) => {
    await using api = await startApi((_, response) => sendJson(response, status, { message: 'No such thing' }))
    const client = upstream({ baseUrl: api.url, name: 'CRM', retry: false })
    const problem = await failureOf(client.get('/users/{id}', { params: { id: 'nobody' } }))
    expect(problem).toMatchObject({ name: 'UpstreamError', code, status, reason: 'status' })
    expect(problem.message).toMatch(new RegExp(`^CRM answered GET /users/\\{id\\} with ${status}`))
    // What goes wrong inside an upstream is not for the model.
    expect(problem.excerpt).toBe(status < 500 ? 'No such thing' : undefined)
  })

  it.each([
    ['application/json', '{"error":{"message":"Name is taken","code":7}}', 'Name is taken'],
    ['application/problem+json', '{"title":"Bad","detail":"Name is too long"}', 'Name is too long'],
    ['application/json', '{"errors":[{"message":"one"},{"message":"two"}]}', 'one; two'],
    ['application/json', '{"errors":{"name":["is taken"],"age":"is low"}}', 'name: is taken; age: is low'],
    [
      'application/json',
      '{"errors":{"title":["is taken"],"age":["is low","is odd"]}}',
      'title: is taken; age: is low; is odd',
    ],
    ['application/json', '{"code":"out_of_credit","trace":"secret.ts"}', 'out_of_credit'],
    [
      'application/json',
      '{"message":"Invalid","errors":[{"field":"age","defaultMessage":"must be positive","rejectedValue":-1}]}',
      'Invalid; age: must be positive',
    ],
    ['application/json', '{"detail":[{"loc":["body","age"],"msg":"Field required"}]}', 'body.age: Field required'],
    [
      'application/json',
      '{"message":"Invalid","errors":[{"field":"title","code":"missing"},{"trace":"secret.ts"}]}',
      'Invalid; title: missing',
    ],
    ['application/json', '"just words"', 'just words'],
    ['text/plain', ' Name\u0000 is\n\n taken ', 'Name is taken'],

    ['text/html', '<h1>Stack trace</h1>', undefined],
    ['application/json', '{"trace":"at secret.ts:7"}', undefined],
    ['application/json', '{"message":"cut o', undefined],
  ])('says of %s %j: %j', async (type, body, excerpt) => {
    await using api = await startApi((_, response) => {
      response.writeHead(400, { 'content-type': type }).end(body)
    })
    const problem = await failureOf(upstream({ baseUrl: api.url }).get('/x'))
    expect(problem.excerpt).toBe(excerpt)
    const long = await failureOf(upstream({ baseUrl: api.url, excerptLength: 5 }).get('/x'))
    if (excerpt !== undefined) expect(long.excerpt).toBe(`${excerpt.slice(0, 4)}…`)
    expect((await failureOf(upstream({ baseUrl: api.url, excerptLength: 0 }).get('/x'))).excerpt).toBeUndefined()
  })
})

describe('secrets of a request', () => {
  const key = 'canary-key/with+odd="chars"'

  it('are in no error, whatever the upstream makes of them', async () => {
    const spellings = [
      key,
      encodeURIComponent(key),
      JSON.stringify(key),
      Buffer.from(key).toString('base64'),
      `Bearer ${key}`,
      'bGVnYWN5OmNhbmFyeS1wYXNzd29yZA==',
      'canary-password',
      'canary-of-the-address-itself',
      'canary-header-value',
    ]
    await using api = await startApi((_, response) => {
      sendJson(response, 400, { message: `You sent ${spellings.join(' and ')} in all` })
    })
    const client = upstream({
      baseUrl: `${api.url}/canary-of-the-address-itself`,
      auth: apiKey({ header: 'authorization', value: `Bearer ${key}` }),
      headers: { 'x-legacy': 'Basic bGVnYWN5OmNhbmFyeS1wYXNzd29yZA==' },
    })
    const problem = await failureOf(client.get('/x', { headers: { 'x-mine': 'canary-header-value' } }))
    expect(problem.excerpt).toMatch(/^You sent .* in all$/)
    expect(everythingIn(problem)).not.toMatch(/canary|Y2FuYXJ5|bGVnYWN5/)
  })

  it('are in no error when a key travels in the query', async () => {
    await using api = await startApi((asked, response) => sendJson(response, 403, { message: `Refused: ${asked.url}` }))
    const client = upstream({ baseUrl: api.url, auth: apiKey({ query: 'key', value: key }) })
    const problem = await failureOf(client.get('/x', { query: { q: 1 } }))
    expect(api.asked[0]?.url).toBe(`/x?q=1&key=${new URLSearchParams({ '': key }).toString().slice(1)}`)
    expect(everythingIn(problem)).not.toContain('canary')
  })

  it('are in no error that a fetch throws', async () => {
    const fetch = async (url: string): Promise<Response> => {
      throw new TypeError(`request to ${url} failed`, {
        cause: Object.assign(new Error(`with ${key}`), { code: 'EPIPE' }),
      })
    }
    const client = upstream({
      baseUrl: 'https://a.example',
      auth: apiKey({ query: 'key', value: key }),
      retry: false,
      fetch,
    })
    const problem = await failureOf(client.get('/x'))
    expect(problem).toMatchObject({ code: 'API_ERROR', reason: 'unreachable', cause: { code: 'EPIPE' } })
    expect(everythingIn(problem)).not.toContain('canary')
  })

  it.each([
    'token eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJjYW5hcnkifQ.canary_sig',
    'password=canary1, tried',
    '"api_key": "canary2"',
    'Authorization: Bearer canary3',
    'postgres://user:canary4@db.internal/x',
    'see https://x.example/callback?code=canary5&state=1',
    'key AKIAcanary6ABCDEFGH123 is old',
    '-----BEGIN PRIVATE KEY-----\ncanary7\n-----END PRIVATE KEY-----',
  ])("and what looks like anybody's is masked: %s", async (words) => {
    await using api = await startApi((_, response) => sendJson(response, 400, { message: `Failed: ${words}` }))
    const problem = await failureOf(upstream({ baseUrl: api.url }).get('/x'))
    expect(problem.excerpt).toMatch(/^Failed: .*\[masked\]/)
    expect(problem.excerpt).not.toMatch(/canary|eyJ/)
  })

  it('are not in the words about options that cannot be', () => {
    const wrong = [
      () => apiKey({ header: 'x-key', value: 'can\nary' }),
      () => upstream({ baseUrl: 'https://x.example', headers: { 'x-key': 'canary\u0000' } }),
      () => upstream({ baseUrl: 'https://user:canary@x.example' }),
      () => upstream({ baseUrl: 'https://x.example?key=canary' }),
      () => upstream({ baseUrl: 'canary' }),
    ]
    for (const make of wrong) {
      expect(make).toThrow(
        expect.objectContaining({ code: 'SETTING', message: expect.not.stringMatching(/can\s?ary/) }),
      )
    }
  })

  it('a header that a model made up is refused with words that it can read', async () => {
    const client = upstream({ baseUrl: 'https://x.example', fetch: async () => Response.json(1) })
    await expect(client.get('/x', { headers: { 'x-team': 'a\r\nx-admin: 1' } })).rejects.toMatchObject({
      code: 'VALIDATION_ERROR',
      message: 'The value for the header x-team cannot be sent',
    })
  })
})

describe('options', () => {
  it.each([
    [{ timeout: 0 }, 'timeout is 0'],
    [{ timeout: Number.NaN }, 'timeout is NaN'],
    [{ timeout: Number.POSITIVE_INFINITY }, 'timeout is Infinity'],
    [{ maxResponseBytes: -1 }, 'maxResponseBytes is -1'],
    [{ maxResponseBytes: Number.NaN }, 'maxResponseBytes is NaN'],
    [{ retry: { retries: -1 } }, 'retry.retries is -1'],
    [{ retry: { retries: 1.5 } }, 'retry.retries is 1.5'],
    [{ retry: { maxDelay: Number.NaN } }, 'retry.maxDelay is NaN'],
    [{ retry: { factor: 0 } }, 'retry.factor is 0'],
    [{ excerptLength: -1 }, 'excerptLength is -1'],
  ])('%j: %s', (options, words) => {
    expect(() => upstream({ baseUrl: 'https://x.example', ...options })).toThrow(words)
  })

  it('an api key without a value names its header', () => {
    // As it comes from an environment that does not have it.
    const value: string = Reflect.get({}, 'MISSING')
    expect(() => apiKey({ header: 'x-key', value })).toThrow('apiKey for "x-key" has no value')
    expect(() => apiKey({ query: 'key', value: ' ' })).toThrow('apiKey for "key" has no value')
  })
})

describe('the answer itself', () => {
  it('is given whatever its status says, with its headers and its bytes', async () => {
    await using api = await startApi((_, response) => {
      response.writeHead(409, { 'content-type': 'image/png', etag: '"7"' }).end(Buffer.from([137, 80]))
    })
    const answer = await upstream({ baseUrl: api.url }).send('POST', '/images', { body: new Uint8Array([1, 2, 3]) })
    expect([answer.status, answer.ok, answer.headers.get('etag')]).toEqual([409, false, '"7"'])
    expect(await answer.bytes()).toEqual(new Uint8Array([137, 80]))
    expect(api.asked[0]?.body).toBe('\u0001\u0002\u0003')
  })

  it('is a stream that is counted while it comes', async () => {
    await using api = await startApi((_, response) => {
      response.writeHead(200)
      const more = (): void => {
        while (response.write(Buffer.alloc(65_536, 97)));
      }
      response.on('drain', more)
      more()
    })
    const answer = await upstream({ baseUrl: api.url, maxResponseBytes: 300_000 }).send('GET', '/endless')
    let size = 0
    const read = async (): Promise<void> => {
      for await (const chunk of answer.body ?? []) size += chunk.length
    }
    expect(await failureOf(read())).toMatchObject({ reason: 'too_large', status: 200 })
    expect(size).toBeLessThanOrEqual(300_000)
  })

  it('can be left unread', async () => {
    await using api = await startApi((_, response) => {
      response.writeHead(200).write('begun')
    })
    const client = upstream({ baseUrl: api.url })
    const answer = await client.send('GET', '/endless')
    answer.discard()
    await closed(api.asked[0])
    const other = await client.send('GET', '/endless')
    await other.body?.cancel()
    await closed(api.asked[1])
  })
})
