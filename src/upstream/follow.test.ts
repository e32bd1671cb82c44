import { describe, expect, it } from 'vitest'
import { type AnswerRequest, type LocalApi, startApi } from '../../tests/kit/local-api.ts'
import { failureOf } from '../../tests/kit/upstream-failure.ts'
import { apiKey } from './api-key.ts'
import { type Fetch, follow, type Way } from './follow.ts'
import { upstream } from './upstream.ts'

const auth = apiKey({ header: 'authorization', value: 'Bearer canary' })
const headers = { 'x-team-key': 'canary', cookie: 'canary=1', 'accept-language': 'de' }

/** An API that redirects what begins with /go, and answers the rest with what it was asked. */
function redirecting(target: (path: string) => string | undefined, status = 302): Promise<LocalApi> {
  const answer: AnswerRequest = ({ url, method, headers: sent, body }, response) => {
    if (!url.startsWith('/go')) return { url, method, body, authorization: sent.authorization }
    const location = target(url)
    response.writeHead(status, location === undefined ? {} : { location }).end()
  }
  return startApi(answer)
}

describe('redirects', () => {
  it('are followed within the origin, with proof', async () => {
    await using api = await redirecting(() => '/end?x=1#part')
    expect(await upstream({ baseUrl: api.url, auth }).get('/go')).toMatchObject({
      url: '/end?x=1',
      authorization: 'Bearer canary',
    })
  })

  it('to another origin are not followed', async () => {
    await using other = await startApi(() => ({}))
    await using api = await redirecting(() => `${other.url}/end?token=canary`)
    const problem = await failureOf(upstream({ baseUrl: api.url, auth, headers }).get('/go'))
    expect(problem).toMatchObject({ code: 'API_ERROR', reason: 'redirected', status: 302 })
    expect(problem.message).toBe("The API redirected GET /go to another origin, which needs `redirects: 'any'`")
    // Where it leads is for people, not for the model, and what it carries for nobody.
    expect(problem.cause).toMatchObject({ message: `It leads to ${other.url}` })
    expect(other.asked).toHaveLength(0)
  })

  it('to another origin, where they are allowed, carry nothing that proves anything, there and back', async () => {
    await using api = await redirecting((path) => (path === '/go' ? `${other.url}/on` : undefined))
    await using other: LocalApi = await startApi((_, response) => {
      response.writeHead(302, { location: `${api.url}/end` }).end()
    })
    const client = upstream({ baseUrl: api.url, auth, headers, redirects: 'any' })
    expect(await client.get('/go', { headers: { 'x-other': 'canary' } })).toEqual({
      url: '/end',
      method: 'GET',
      body: '',
    })
    expect(other.asked).toHaveLength(1)
    expect(JSON.stringify(other.asked[0]?.headers)).not.toContain('canary')
    expect(other.asked[0]?.headers).toMatchObject({ accept: 'application/json', 'accept-language': 'de' })
    expect(JSON.stringify(api.asked.at(-1)?.headers)).not.toContain('canary')
  })

  it('to another origin go by what asks others, and back by what asks here', async () => {
    const asked: string[] = []
    const asking =
      (who: string): Fetch =>
      async (url, init) => {
        asked.push(`${who} ${url} ${[...new Headers(init.headers).keys()]}`)
        const next = new Map([
          ['https://api.example/zip', 'https://files.example/a?signature=1'],
          ['https://files.example/a?signature=1', 'https://api.example/done'],
        ]).get(url)
        return next === undefined
          ? new Response('done')
          : new Response(null, { status: 302, headers: { location: next } })
      }
    const sent = { method: 'GET', url: new URL('https://api.example/zip'), body: undefined }
    const proved = new Headers({ authorization: 'Bearer canary', accept: '*/*', 'x-key': 'canary' })
    const way = {
      fetch: asking('here'),
      abroad: asking('abroad'),
      redirects: 'any',
      signal: AbortSignal.timeout(5_000),
    }
    const errand = { method: 'GET', path: '/zip', name: 'The API', secrets: () => [] }
    const response = await follow({ ...sent, headers: proved }, way as Way, errand as never)
    expect(await response.text()).toBe('done')
    expect(asked).toEqual([
      'here https://api.example/zip accept,authorization,x-key',
      'abroad https://files.example/a?signature=1 accept',
      'here https://api.example/done accept',
    ])
  })

  it('send no body to another origin', async () => {
    await using other = await startApi(() => ({}))
    await using api = await redirecting(() => `${other.url}/end`, 307)
    const client = upstream({ baseUrl: api.url, redirects: 'any' })
    expect(await failureOf(client.post('/go', { json: { password: 'canary' } }))).toMatchObject({
      reason: 'redirected',
    })
    expect(await failureOf(client.delete('/go'))).toMatchObject({ reason: 'redirected' })
    expect(other.asked).toHaveLength(0)
  })

  it.each([
    [301, 'POST', 'GET', ''],
    [302, 'POST', 'GET', ''],
    [303, 'PUT', 'GET', ''],
    [307, 'POST', 'POST', '{"a":1}'],
    [308, 'PUT', 'PUT', '{"a":1}'],
  ] as const)('%i makes a %s into a %s', async (status, method, becomes, body) => {
    await using api = await redirecting(() => '/end', status)
    const got = await upstream({ baseUrl: api.url }).request(method, '/go', { json: { a: 1 } })
    expect(got).toMatchObject({ method: becomes, body })
  })

  it.each([
    ['file:///etc/passwd', 'to what is no address'],
    ['http://user:pass@127.0.0.1/', 'to what is no address'],
    ['http://[', 'to what is no address'],
    ['/go', 'more than 5 times'],
  ])('%s: %s', async (location, words) => {
    await using api = await redirecting(() => location)
    const problem = await failureOf(upstream({ baseUrl: api.url, redirects: 'any' }).get('/go'))
    expect(problem.message).toBe(`The API redirected GET /go ${words}`)
    expect(api.asked.length).toBeLessThanOrEqual(6)
  })

  it('never leave an encrypted connection', async () => {
    const asked: string[] = []
    const fetch = async (url: string): Promise<Response> => {
      asked.push(url)
      return new Response(null, { status: 302, headers: { location: 'http://x.example/end' } })
    }
    const problem = await failureOf(upstream({ baseUrl: 'https://x.example', redirects: 'any', fetch }).get('/go'))
    expect(problem.message).toBe('The API redirected GET /go to another origin, unencrypted')
    expect(asked).toEqual(['https://x.example/go'])
  })

  it('can be answers themselves', async () => {
    await using api = await redirecting(() => '/end')
    const client = upstream({ baseUrl: api.url, redirects: 'none' })
    expect((await client.send('GET', '/go')).headers.get('location')).toBe('/end')
    expect(await failureOf(client.get('/go'))).toMatchObject({ reason: 'status', status: 302 })
    expect(api.asked).toHaveLength(2)
  })
})
