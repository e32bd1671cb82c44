import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { runUntil, useFakeClock } from '../../tests/kit/fake-clock.ts'
import { type AnswerRequest, type Asked, sendJson, startApi } from '../../tests/kit/local-api.ts'
import { everythingIn, failureOf } from '../../tests/kit/upstream-failure.ts'
import type { Auth } from '../engine/auth.ts'
import { createMemoryStorage } from '../storage/memory.ts'
import { type Storage, StorageError } from '../storage/storage.ts'
import { type OAuth2Options, oauth2 } from './oauth2.ts'
import { type Upstream, upstream } from './upstream.ts'

beforeEach(useFakeClock)
afterEach(() => void vi.useRealTimers())

type TokenAnswer = { readonly status?: number; readonly body?: unknown } | 'reset' | 'silence'

/** A token endpoint at /token, and an API at every other path that takes the tokens which are `good`. */
async function house(issue: (form: URLSearchParams, count: number) => TokenAnswer = usual) {
  const good = new Set<string>()
  const forms: { readonly form: URLSearchParams; readonly asked: Asked }[] = []
  const answer: AnswerRequest = (asked, response) => {
    const { url, body, headers, socket } = asked
    if (url !== '/token') {
      const token = headers.authorization?.replace('Bearer ', '') ?? ''
      return good.has(token) ? { token } : sendJson(response, 401, { message: `No ${headers.authorization}` })
    }
    const form = new URLSearchParams(body)
    forms.push({ form, asked })
    const given = issue(form, forms.length)
    if (given === 'reset') return void socket.resetAndDestroy()
    if (given === 'silence') return undefined
    const token: unknown = Reflect.get(Object(given.body), 'access_token')
    if (typeof token === 'string') good.add(token)
    sendJson(response, given.status ?? 200, given.body)
  }
  const api = await startApi(answer)
  const client = (options: Partial<OAuth2Options> = {}): Upstream =>
    upstream({
      baseUrl: api.url,
      auth: oauth2({ ...machine, tokenUrl: `${api.url}/token`, ...options } as OAuth2Options), // of one grant, in the tests
    })
  return { api, good, forms, client, [Symbol.asyncDispose]: () => api[Symbol.asyncDispose]() }
}

const machine = { grant: 'client_credentials', clientId: 'me', clientSecret: 'canary secret+1' } as const

function usual(_: URLSearchParams, count: number): TokenAnswer {
  return { body: { access_token: `canary-token-${count}`, token_type: 'Bearer', expires_in: 3600 } }
}

/** A token endpoint that gives a new refresh token each time, and takes none twice. */
function rotating(first = 'canary-r0') {
  let good = first
  const used: string[] = []
  const issue = (form: URLSearchParams, count: number): TokenAnswer => {
    const given = form.get('refresh_token') ?? ''
    used.push(given)
    if (given !== good) return { status: 400, body: { error: 'invalid_grant' } }
    good = `canary-r${count}`
    return { body: { access_token: `canary-a${count}`, token_type: 'bearer', expires_in: 600, refresh_token: good } }
  }
  return { issue, used }
}

const refresh = { grant: 'refresh_token', refreshToken: 'canary-r0' } as const

/** Lets the clock run until work is done. */
async function done<T>(work: Promise<T>): Promise<T> {
  let isSettled = false
  work.then(
    () => (isSettled = true),
    () => (isSettled = true),
  )
  await runUntil(() => isSettled)
  return work
}

describe('client credentials', () => {
  it('are asked for once, however many call', async () => {
    await using it = await house()
    const client = it.client({ scope: ['read', 'write'], resource: 'https://api.example', parameters: { x: '1' } })
    const got = await Promise.all(Array.from({ length: 100 }, () => client.get('/x')))
    expect(new Set(got.map((answer) => JSON.stringify(answer)))).toEqual(new Set(['{"token":"canary-token-1"}']))
    expect(it.forms).toHaveLength(1)
    const [{ form, asked } = { form: new URLSearchParams(), asked: undefined }] = it.forms
    expect(Object.fromEntries(form)).toEqual({
      grant_type: 'client_credentials',
      scope: 'read write',
      resource: 'https://api.example',
      x: '1',
    })
    expect(atob(asked?.headers.authorization?.replace('Basic ', '') ?? '')).toBe('me:canary+secret%2B1')
  })

  it('travel in the form where that is wanted, and without a secret where there is none', async () => {
    await using it = await house()
    await it.client({ clientAuth: 'post' }).get('/x')
    const { clientSecret: _, ...open } = machine
    await upstream({ baseUrl: it.api.url, auth: oauth2({ ...open, tokenUrl: `${it.api.url}/token` }) }).get('/x')
    expect(it.forms.map(({ form }) => form.get('client_secret'))).toEqual(['canary secret+1', null])
    expect(it.forms.map(({ form }) => form.get('client_id'))).toEqual(['me', 'me'])
    expect(it.forms.map(({ asked }) => asked.headers.authorization)).toEqual([undefined, undefined])
  })

  it('are renewed ahead of their end, while calls go on with the last token', async () => {
    await using it = await house()
    const client = it.client()
    await client.get('/x')
    await vi.advanceTimersByTimeAsync(3_530_000)
    expect(await client.get('/x')).toEqual({ token: 'canary-token-1' })
    expect(it.forms).toHaveLength(1)
    await vi.advanceTimersByTimeAsync(15_000)
    const got = await Promise.all(Array.from({ length: 20 }, () => client.get('/x')))
    expect(got).toContainEqual({ token: 'canary-token-1' })
    await runUntil(() => it.forms.length === 2)
    await expect.poll(() => client.get('/x')).toEqual({ token: 'canary-token-2' })
    expect(it.forms).toHaveLength(2)
  })

  it('are good until their end where they cannot be renewed ahead of it, and are not asked for all the time', async () => {
    await using it = await house((form, count) => (count === 1 ? usual(form, 1) : { status: 503 }))
    const client = it.client()
    await client.get('/x')
    await vi.advanceTimersByTimeAsync(3_550_000)
    for (let call = 0; call < 20; call++) expect(await client.get('/x')).toEqual({ token: 'canary-token-1' })
    await runUntil(() => it.forms.length === 4)
    for (let call = 0; call < 20; call++) await client.get('/x')
    expect(it.forms.length).toBeLessThanOrEqual(4)
    await vi.advanceTimersByTimeAsync(60_000)
    const problem = await failureOf(done(client.get('/x')))
    expect(problem).toMatchObject({ code: 'API_ERROR', status: 503 })
  })

  it('are asked for anew after their end', async () => {
    await using it = await house()
    const client = it.client()
    await client.get('/x')
    await vi.advanceTimersByTimeAsync(3_700_000)
    expect(await client.get('/x')).toEqual({ token: 'canary-token-2' })
  })

  it('of a short life are renewed in its last fifth', async () => {
    await using it = await house((_, count) => ({
      body: { access_token: `t${count}`, token_type: 'bearer', expires_in: 10 },
    }))
    const client = it.client()
    await client.get('/x')
    await vi.advanceTimersByTimeAsync(7_900)
    await client.get('/x')
    expect(it.forms).toHaveLength(1)
    await vi.advanceTimersByTimeAsync(200)
    await client.get('/x')
    await runUntil(() => it.forms.length === 2)
  })
})

describe('401', () => {
  it('of a token that was revoked gives one forced renewal for all', async () => {
    await using it = await house()
    const client = it.client()
    await client.get('/x')
    it.good.clear()
    const got = await Promise.all(Array.from({ length: 100 }, () => client.post('/x', { json: {} })))
    expect(got.every((answer) => JSON.stringify(answer) === '{"token":"canary-token-2"}')).toBe(true)
    expect(it.forms).toHaveLength(2)
  })

  it('of the new token, too, is told, and no storm of requests for tokens follows', async () => {
    await using it = await house()
    const client = it.client()
    await client.get('/x')
    vi.spyOn(it.good, 'has').mockReturnValue(false)
    for (let call = 0; call < 10; call++) {
      const problem = await failureOf(client.get('/x'))
      expect(problem).toMatchObject({ code: 'UNAUTHORIZED', status: 401 })
      expect(everythingIn(problem)).not.toContain('canary')
    }
    expect(it.forms).toHaveLength(2)
    await vi.advanceTimersByTimeAsync(31_000)
    await failureOf(client.get('/x'))
    expect(it.forms).toHaveLength(3)
  })
})

describe('a clock that jumps', () => {
  it.each([3_600_000, -3_600_000, 400 * 86_400_000])('by %i ms changes nothing', async (ms) => {
    await using it = await house()
    const storage = createMemoryStorage()
    const client = it.client({ storage })
    await client.get('/x')
    vi.setSystemTime(Date.now() + ms)
    expect(await client.get('/x')).toEqual({ token: 'canary-token-1' })
    expect(it.forms).toHaveLength(1)
    // A process that starts now believes no life that is longer than what was given.
    const other = it.client({ storage })
    await other.get('/x')
    await vi.advanceTimersByTimeAsync(3_700_000)
    await other.get('/x')
    expect(it.forms.length).toBeLessThanOrEqual(3)
    expect(it.forms.length).toBeGreaterThanOrEqual(2)
  })
})

describe('a refresh token', () => {
  it('that is rotated is kept, and the next process goes on with it', async () => {
    const { issue, used } = rotating()
    await using it = await house(issue)
    const storage = createMemoryStorage()
    const first = it.client({ ...refresh, storage })
    await first.get('/x')
    await vi.advanceTimersByTimeAsync(700_000)
    await first.get('/x')
    await vi.advanceTimersByTimeAsync(700_000)
    const second = it.client({ ...refresh, storage })
    expect(await second.get('/x')).toEqual({ token: 'canary-a3' })
    expect(used).toEqual(['canary-r0', 'canary-r1', 'canary-r2'])
    expect(await it.client({ ...refresh, storage }).get('/x')).toEqual({ token: 'canary-a3' })
    expect(used).toHaveLength(3)
    for await (const key of storage.list('')) expect(key).not.toContain('canary')
  })

  it('that is rotated is kept in this process where there is no storage, through a forced renewal too', async () => {
    const { issue, used } = rotating()
    await using it = await house(issue)
    const client = it.client(refresh)
    await client.get('/x')
    it.good.clear()
    expect(await client.get('/x')).toEqual({ token: 'canary-a2' })
    expect(used).toEqual(['canary-r0', 'canary-r1'])
  })

  it('that stays the same is used again', async () => {
    const used: unknown[] = []
    await using it = await house((form, count) => {
      used.push(form.get('refresh_token'))
      return usual(form, count)
    })
    const client = it.client(refresh)
    await client.get('/x')
    await vi.advanceTimersByTimeAsync(3_700_000)
    await client.get('/x')
    expect(used).toEqual(['canary-r0', 'canary-r0'])
  })

  it('is used by one replica at a time', async () => {
    const { issue, used } = rotating()
    await using it = await house(issue)
    const storage = createMemoryStorage()
    const replicas = Array.from({ length: 5 }, () => it.client({ ...refresh, storage }))
    for (let round = 1; round <= 3; round++) {
      const got = await done(Promise.all(replicas.flatMap((client) => [client.get('/x'), client.get('/x')])))
      expect(new Set(got.map((answer) => JSON.stringify(answer)))).toEqual(new Set([`{"token":"canary-a${round}"}`]))
      await vi.advanceTimersByTimeAsync(700_000)
    }
    expect(used).toEqual(['canary-r0', 'canary-r1', 'canary-r2'])
  })

  it('is used up by a request that nobody waits for any more, and the next call has what came of it', async () => {
    const { issue, used } = rotating()
    await using it = await house(issue)
    const client = it.client({ ...refresh, storage: createMemoryStorage() })
    const abort = new AbortController()
    const left = client.get('/x', { signal: abort.signal })
    await runUntil(() => it.forms.length === 1)
    abort.abort(new Error('left'))
    await expect(left).rejects.toThrow('left')
    expect(await done(client.get('/x'))).toEqual({ token: 'canary-a1' })
    expect(used).toEqual(['canary-r0'])
  })

  it('is not used while what it was rotated into cannot be read', async () => {
    const { issue, used } = rotating()
    await using it = await house(issue)
    const broken = createMemoryStorage()
    broken.get = async () => {
      throw new StorageError('UNAVAILABLE', 'down')
    }
    const problems: Error[] = []
    const onError = (problem: Error): void => void problems.push(problem)
    const problem = await failureOf(it.client({ ...refresh, storage: broken, onError }).get('/x'))
    expect(problem).toMatchObject({ code: 'UNAUTHORIZED', reason: 'unauthorized' })
    expect(problems).toMatchObject([{ code: 'UNAVAILABLE' }])
    expect(used).toEqual([])
    // Credentials of our own are not used up by asking twice.
    await using other = await house()
    expect(await other.client({ storage: broken, onError }).get('/x')).toEqual({ token: 'canary-token-1' })
    expect(problems).toHaveLength(2)
  })

  it('that cannot be stored is kept here, and stored with the next', async () => {
    const { issue, used } = rotating()
    await using it = await house(issue)
    const storage = createMemoryStorage()
    const set = storage.set.bind(storage)
    let isDown = true
    storage.set = async (...args: Parameters<Storage['set']>) => {
      if (isDown) throw new StorageError('UNAVAILABLE', 'down')
      await set(...args)
    }
    const problems: Error[] = []
    const client = it.client({ ...refresh, storage, onError: (problem) => void problems.push(problem) })
    expect(await done(client.get('/x'))).toEqual({ token: 'canary-a1' })
    expect(problems).toMatchObject([{ message: 'New tokens could not be stored', cause: expect.any(Error) }])
    isDown = false
    await vi.advanceTimersByTimeAsync(700_000)
    await done(client.get('/x'))
    expect(used).toEqual(['canary-r0', 'canary-r1'])
    expect(await it.client({ ...refresh, storage }).get('/x')).toEqual({ token: 'canary-a2' })
  })

  it('of another account does not get what is stored for the first', async () => {
    await using it = await house()
    const storage = createMemoryStorage()
    await it.client({ ...refresh, storage }).get('/x')
    await it.client({ ...refresh, refreshToken: 'another', storage }).get('/x')
    expect(it.forms.map(({ form }) => form.get('refresh_token'))).toEqual(['canary-r0', 'another'])
  })
})

describe('token exchange', () => {
  const exchange = { grant: 'token_exchange', subject: ({ claims }: Auth) => String(claims?.token) } as const
  const ctxOf = (subject: string, scopes: readonly string[] = []) => ({
    signal: new AbortController().signal,
    auth: { subject, scopes, claims: { token: `canary-of-${subject}` } },
  })
  const echo = (form: URLSearchParams, count: number): TokenAnswer => ({
    body: { access_token: `${form.get('subject_token')}-${count}`, token_type: 'bearer', expires_in: 600 },
  })

  it('gives every caller a token of its own, once', async () => {
    await using it = await house(echo)
    const storage = createMemoryStorage()
    const client = it.client({ ...exchange, storage })
    const who = ['ada', 'bea', 'ada', 'cyd', 'bea']
    const got = await done(Promise.all(who.map((name) => client.get('/x', { ctx: ctxOf(name) }))))
    expect(got).toEqual(who.map((name) => ({ token: expect.stringMatching(`^canary-of-${name}-\\d$`) })))
    expect(it.forms).toHaveLength(3)
    expect(Object.fromEntries(it.forms[0]?.form ?? [])).toEqual({
      grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
      subject_token: expect.stringContaining('canary-of-'),
      subject_token_type: 'urn:ietf:params:oauth:token-type:access_token',
    })
    // Another process, same callers: what is stored is found for each.
    const other = it.client({ ...exchange, storage })
    expect(await done(other.get('/x', { ctx: ctxOf('ada') }))).toEqual(got[0])
    expect(it.forms).toHaveLength(3)
  })

  it('gives a caller with fewer scopes no token that was got with more', async () => {
    await using it = await house(echo)
    const client = it.client(exchange)
    await client.get('/x', { ctx: ctxOf('ada', ['read', 'admin']) })
    await client.get('/x', { ctx: ctxOf('ada', ['admin', 'read']) })
    expect(it.forms).toHaveLength(1)
    await client.get('/x', { ctx: ctxOf('ada', ['read']) })
    expect(it.forms).toHaveLength(2)
  })

  it('needs a caller who is signed in, and a token of theirs', async () => {
    await using it = await house(echo)
    const client = it.client({ ...exchange, subject: () => '' })
    for (const options of [
      {},
      { ctx: { signal: new AbortController().signal, auth: undefined } },
      { ctx: ctxOf('ada') },
    ]) {
      await expect(client.get('/x', options)).rejects.toMatchObject({ name: 'ToolError', code: 'UNAUTHORIZED' })
    }
    expect(it.api.asked).toHaveLength(0)
  })
})

describe('a token endpoint that fails', () => {
  it.each<readonly [string, TokenAnswer, object]>([
    [
      'a refusal',
      { status: 401, body: { error: 'invalid_client', error_description: 'canary secret+1' } },
      { status: 401 },
    ],
    ['a refusal of the scope', { status: 400, body: { error: 'invalid_scope' } }, { status: 400 }],
    [
      'a refusal with words of its own',
      { status: 400, body: { error: 'Your canary secret+1 is wrong' } },
      { status: 400 },
    ],
  ])('%s is UNAUTHORIZED, and asked for again with the next call only', async (_, answer, facts) => {
    await using it = await house(() => answer)
    const client = it.client()
    const problem = await failureOf(client.get('/x'))
    expect(problem).toMatchObject({ code: 'UNAUTHORIZED', reason: 'unauthorized', ...facts })
    expect(problem.message).toMatch(/^No access token was to be had: (invalid_client|invalid_scope|status 400)$/)
    expect(everythingIn(problem)).not.toContain('canary')
    expect(it.forms).toHaveLength(1)
    await failureOf(client.get('/x'))
    expect(it.forms).toHaveLength(2)
  })

  it.each<readonly [string, unknown]>([
    ['nothing', undefined],
    ['no token', { token_type: 'bearer' }],
    ['an error as success', { error: 'canary' }],
    ['a token of another type', { access_token: 'canary', token_type: 'dpop' }],
    ['a token that no header holds', { access_token: 'canary\r\nx: y', token_type: 'bearer' }],
    ['a life before its birth', { access_token: 'canary', token_type: 'bearer', expires_in: -5 }],
    ['no object', 'canary'],
    ['1 MB', { access_token: 'canary', token_type: 'bearer', more: 'x'.repeat(1_000_000) }],
  ])('%s is no token', async (_, body) => {
    await using it = await house(() => ({ body }))
    const problem = await failureOf(it.client().get('/x'))
    expect(problem.code).toBe('API_ERROR')
    expect(everythingIn(problem)).not.toContain('canary')
    expect(it.api.asked).toHaveLength(1)
  })

  it.each<readonly [string, TokenAnswer]>([
    ['503', { status: 503, body: {} }],
    ['429', { status: 429, body: {} }],
    ['a reset', 'reset'],
  ])('%s is tried again', async (_, answer) => {
    await using it = await house((form, count) => (count < 3 ? answer : usual(form, count)))
    expect(await done(it.client().get('/x'))).toEqual({ token: 'canary-token-3' })
    await using other = await house(() => answer)
    expect((await failureOf(done(other.client().get('/x')))).retryable).toBe(true)
    expect(other.forms).toHaveLength(3)
  })

  it('silence ends', async () => {
    await using it = await house(() => 'silence')
    const problem = await failureOf(done(it.client({ timeout: 1_000 }).get('/x')))
    expect(problem).toMatchObject({ reason: 'timeout' })
  })

  it('an endless life ends after a day, and an ID token is not looked at', async () => {
    await using it = await house((_, count) => ({
      body: { access_token: `t${count}`, token_type: 'bearer', expires_in: 1e300, id_token: 'canary' },
    }))
    const client = it.client()
    await client.get('/x')
    await vi.advanceTimersByTimeAsync(86_400_001)
    expect(await client.get('/x')).toEqual({ token: 't2' })
  })

  it('a redirect is not followed: a secret would go with it', async () => {
    await using other = await startApi(() => ({}))
    const fetch = async (url: string, init: RequestInit): Promise<Response> => {
      expect(init.redirect).toBe('manual')
      return new Response(null, { status: 307, headers: { location: `${other.url}/token`, 'x-url': url } })
    }
    const auth = oauth2({ ...machine, tokenUrl: 'https://login.example/token', fetch })
    await failureOf(upstream({ baseUrl: 'https://x.example', auth }).get('/x'))
    expect(other.asked).toHaveLength(0)
  })
})

describe('options of oauth2', () => {
  const good = { ...machine, tokenUrl: 'https://login.example/token' }

  it.each([
    [{ tokenUrl: 'http://login.example/token' }, 'tokenUrl must be https'],
    [{ tokenUrl: 'canary' }, 'tokenUrl is no https address'],
    [{ tokenUrl: 'https://user:canary@login.example' }, 'tokenUrl is no https address'],
    [{ clientId: '' }, 'clientId is missing'],
    [{ clientSecret: ' ' }, 'clientSecret is missing'],
    [{ clientAuth: 'canary' }, 'clientAuth must be'],
    [{ grant: 'password' }, 'grant must be'],
    [{ grant: 'refresh_token' }, 'refreshToken is missing'],
    [{ grant: 'token_exchange' }, 'subject must be a function'],
    [{ timeout: Number.NaN }, 'timeout is NaN'],
    [{ refreshBefore: -1 }, 'refreshBefore is -1'],
  ])('%j: %s', (options, words) => {
    // As somebody without a compiler writes it.
    const make = (): unknown => oauth2({ ...good, ...options } as never)
    expect(make).toThrow(expect.objectContaining({ code: 'SETTING', message: expect.stringContaining(words) }))
    expect(make).toThrow(expect.objectContaining({ message: expect.not.stringContaining('canary') }))
  })

  it.each(['http://localhost:1/t', 'http://127.0.0.1:1/t', 'http://[::1]:1/t'])('%s is this machine', (tokenUrl) => {
    expect(() => oauth2({ ...good, tokenUrl })).not.toThrow()
  })
})
