import { describe, expect, it } from 'vitest'
import { apiOf, routeOf } from '../../../../tests/kit/openapi-route.ts'
import { originOf } from '../../../../tests/kit/origin.ts'
import { contextOf } from '../../../engine/backstage.ts'
import type { Context } from '../../../engine/context.ts'
import type { Unproved } from '../../../upstream/auth.ts'
import { oauth2 } from '../../../upstream/oauth2.ts'
import type { Credential } from '../options.ts'
import type { Api, SecurityScheme } from '../routes/api.ts'
import { RouteProblem } from '../routes/route-problem.ts'
import { checkCredentials, compileProof } from './compile-proof.ts'
import type { ServerOptions } from './server.ts'

const BASE = 'https://api.example.com/'

const SCHEMES: Readonly<Record<string, SecurityScheme>> = {
  header: { type: 'apiKey', in: 'header', name: 'X-Key' },
  query: { type: 'apiKey', in: 'query', name: 'api key' },
  cookie: { type: 'apiKey', in: 'cookie', name: 'sid' },
  basic: { type: 'http', scheme: 'Basic' },
  bearer: { type: 'http', scheme: 'bearer' },
  hoba: { type: 'http', scheme: 'HOBA' },
  oauth: { type: 'oauth2' },
  oidc: { type: 'openIdConnect' },
  tls: { type: 'mutualTLS' },
  odd: { type: 'unknown' },
}

const api = (schemes: Readonly<Record<string, SecurityScheme>> = SCHEMES): Api =>
  apiOf({ schemes: new Map(Object.entries(schemes)) })

type Auth = Readonly<Record<string, Credential>>

/** Names of schemes: those of one text are needed together, and '' is an open door. */
const needs = (...alternatives: readonly string[]) =>
  alternatives.map((names) => new Map(names.split(' ').flatMap((name) => (name === '' ? [] : [[name, []] as const]))))

function compile(alternatives: readonly string[], auth: Auth, options: ServerOptions & { api?: Api } = {}) {
  const route = routeOf({ security: needs(...alternatives) })
  return compileProof(route, options.api ?? api(), { baseUrl: BASE, ...options, auth })
}

interface Asking {
  readonly url?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly ctx?: Context
  readonly signal?: AbortSignal
}

/** A request as it is proved. */
async function prove(compiled: ReturnType<typeof compile>, { url = BASE, headers, ctx, signal }: Asking = {}) {
  const request: Unproved = { url: new URL(url), headers: new Headers(headers), caller: ctx?.auth, signal }
  const proof = await compiled.auth?.(ctx)(request)
  return { url: request.url.href, headers: Object.fromEntries(request.headers), proof }
}

const proved = (scheme: string, credential: Credential, asking?: Asking) =>
  prove(compile([scheme], { [scheme]: credential }), asking)

const ada = contextOf(originOf({ auth: { subject: 'ada', claims: { token: 'ada-token' } } }))

describe('a credential', () => {
  it.each<readonly [string, Credential, Readonly<Record<string, string>>]>([
    ['header', 'k1', { 'x-key': 'k1' }],
    ['cookie', 'k1', { cookie: 'sid=k1' }],
    ['basic', 'ada:pass:word', { authorization: `Basic ${btoa('ada:pass:word')}` }],
    ['basic', { username: 'ada', password: 'p' }, { authorization: `Basic ${btoa('ada:p')}` }],
    ['basic', 'key:', { authorization: `Basic ${btoa('key:')}` }],
    ['basic', { username: 'é', password: '' }, { authorization: 'Basic w6k6' }],
    ['bearer', 't1', { authorization: 'Bearer t1' }],
    ['bearer', 'bearer t1', { authorization: 'Bearer t1' }],
    ['hoba', 't1', { authorization: 'HOBA t1' }],
    ['oauth', 't1', { authorization: 'Bearer t1' }],
    ['oidc', 't1', { authorization: 'Bearer t1' }],
  ])('for %s is put where it belongs', async (scheme, credential, headers) => {
    expect(await proved(scheme, credential)).toMatchObject({ headers, url: BASE })
  })

  it('of the query leaves the rest of it as it is written, and takes the place of another', async () => {
    const written = async (query: string) => (await proved('query', 'a&b=c', { url: `${BASE}x${query}` })).url
    expect(await written('')).toBe(`${BASE}x?api%20key=a%26b%3Dc`)
    expect(await written('?ids=1,2|3&q=a+b%20c&f[x]=%2C')).toBe(
      `${BASE}x?ids=1,2|3&q=a+b%20c&f[x]=%2C&api%20key=a%26b%3Dc`,
    )
    expect(await written('?api%20key=mine&a=%zz&api+key=mine')).toBe(`${BASE}x?a=%zz&api%20key=a%26b%3Dc`)
  })

  it('of a cookie joins the others, and takes the place of another', async () => {
    const { headers } = await proved('cookie', 'k1', { headers: { cookie: 'a=1; sid=mine; b=2' } })
    expect(headers.cookie).toBe('a=1; b=2; sid=k1')
  })

  it('of a header takes the place of another', async () => {
    const { headers } = await proved('header', 'k1', { headers: { 'X-Key': 'mine' } })
    expect(headers['x-key']).toBe('k1')
  })

  it('OA-09: is told, so that it is masked', async () => {
    const secrets = async (scheme: string, credential: Credential) => (await proved(scheme, credential)).proof?.secrets
    expect(await secrets('header', 'Key abc')).toEqual(['Key abc', 'abc'])
    expect(await secrets('query', 'abc')).toEqual(['abc'])
    expect(await secrets('bearer', 'abc')).toContain('abc')
    expect(await secrets('basic', 'ada:pass')).toEqual(['ada:pass', btoa('ada:pass'), 'pass'])
    expect(await secrets('basic', 'key:')).toContain('key')
    expect(await secrets('oauth', async () => 'abc')).toContain('abc')
  })

  it('may prove the request in a way of its own', async () => {
    const fetch = async (): Promise<Response> =>
      Response.json({ access_token: 't2', token_type: 'Bearer', expires_in: 60 })
    const byToken = {
      prove: oauth2({ grant: 'client_credentials', tokenUrl: 'https://x.example', clientId: 'c', fetch }),
    }
    for (const scheme of ['oauth', 'odd', 'header']) {
      const { headers, proof } = await proved(scheme, byToken)
      expect(headers.authorization).toBe('Bearer t2')
      expect(proof?.discard).toBeDefined()
    }
  })
})

describe('a credential of each caller', () => {
  it.each<readonly [string, Credential]>([
    ['now', (ctx) => ctx?.auth?.claims?.token as string],
    ['later', async (ctx) => ctx?.auth?.claims?.token as string],
    [
      'as a proof',
      (ctx) => ({
        prove: ({ headers }) => {
          headers.set('authorization', `Bearer ${ctx?.auth?.claims?.token}`)
          return { secrets: [] }
        },
      }),
    ],
  ])('is given for the call: %s', async (_, credential) => {
    expect((await proved('bearer', credential, { ctx: ada })).headers.authorization).toBe('Bearer ada-token')
  })

  it.each<readonly [string, Credential]>([
    ['now', () => undefined],
    ['later', async () => undefined],
  ])('that there is none of is UNAUTHORIZED, in words: %s', async (_, credential) => {
    const work = Promise.resolve().then(() => proved('bearer', credential, { ctx: ada }))
    await expect(work).rejects.toMatchObject({ code: 'UNAUTHORIZED', message: expect.stringContaining('"bearer"') })
  })

  it('may be missing where nobody needs to be known', async () => {
    const compiled = compile(['', 'bearer'], { bearer: async (ctx) => (ctx?.auth ? 't1' : undefined) })
    expect((await prove(compiled, { ctx: ada })).headers).toEqual({ authorization: 'Bearer t1' })
    expect(await prove(compiled)).toMatchObject({ headers: {}, proof: { secrets: [] } })
  })

  it('is not waited for when nobody waits for the request', async () => {
    const abort = new AbortController()
    const work = proved('bearer', () => new Promise(() => undefined), { signal: abort.signal })
    abort.abort(new Error('gone'))
    await expect(work).rejects.toThrow('gone')
  })

  it('is made once for all requests where it is no function', () => {
    const { auth } = compile(['bearer'], { bearer: 't1' })
    expect(auth?.(ada)).toBe(auth?.(undefined))
  })
})

describe('what an operation needs', () => {
  it('is nothing', () => expect(compile([], { bearer: 't1' })).toEqual({ missing: [] }))

  it('is the first way that there are all credentials for', async () => {
    const auth = { header: 'k1', query: 'k2', bearer: 't1' }
    expect((await prove(compile(['oauth', 'header cookie', 'header query', 'bearer'], auth))).headers).toEqual({
      'x-key': 'k1',
    })
    const all = await prove(compile(['header query bearer'], auth))
    expect(all).toMatchObject({ headers: { 'x-key': 'k1', authorization: 'Bearer t1' }, url: `${BASE}?api%20key=k2` })
    expect(all.proof?.secrets).toEqual(expect.arrayContaining(['k1', 'k2', 't1']))
  })

  it('is proved if it can be, though it need not', async () => {
    expect((await prove(compile(['', 'bearer'], { bearer: 't1' }))).headers).toEqual({ authorization: 'Bearer t1' })
    expect(compile(['', 'bearer'], {})).toEqual({ missing: [] })
  })

  it('is reported where nothing proves it, and asked all the same', () => {
    expect(compile(['header cookie', 'oauth'], { cookie: 'k1' })).toEqual({ missing: ['header', 'oauth'] })
    expect(compile(['unheard-of'], {})).toEqual({ missing: ['unheard-of'] })
  })

  it.each(['__proto__', 'constructor', 'toString'])('is not %s of all objects', (name) => {
    expect(compile([name], {}, { api: apiOf({ schemes: new Map([[name, { type: 'oauth2' }]]) }) })).toEqual({
      missing: [name],
    })
  })

  it('is proved by the connection, where the author makes that', () => {
    expect(compile(['tls'], {})).toEqual({ missing: ['tls'] })
    expect(compile(['tls'], {}, { fetch: async () => Response.json({}) })).toEqual({ missing: [] })
  })

  it('renews all proofs that can be', async () => {
    const discarded: string[] = []
    const renewable = (name: string, hasMore: boolean): Credential => ({
      prove: () => ({ secrets: [name], discard: () => discarded.push(name) > 0 && hasMore }),
    })
    const { proof } = await prove(
      compile(['oauth oidc bearer'], { oauth: renewable('a', true), oidc: renewable('b', false), bearer: 't' }),
    )
    expect(proof?.secrets.slice(0, 2)).toEqual(['a', 'b'])
    expect(proof?.discard?.()).toBe(true)
    expect(discarded).toEqual(['a', 'b'])
  })
})

describe('OA-04: credentials', () => {
  it('are for the server of their operation alone', async () => {
    for (const credential of ['t1', () => 't1']) {
      for (const url of ['https://other.example.com/', 'http://api.example.com/', 'https://api.example.com:444/']) {
        const work = Promise.resolve().then(() => proved('bearer', credential, { url }))
        await expect(work).rejects.toThrow('for its own server')
      }
    }
  })

  const on = (url: string, address?: string) => (): unknown => {
    const route = routeOf({ security: needs('bearer'), servers: [{ url, variables: new Map() }] })
    const from = address === undefined ? {} : { address: new URL(address) }
    return compileProof(route, { ...api(), ...from }, { auth: { bearer: 't1' } })
  }

  it('go to what only the document names encrypted or not at all', () => {
    expect(on('https://api.example.com')).not.toThrow()
    expect(on('http://api.example.com')).toThrow(RouteProblem)
    expect(on('http://api.example.com')).toThrow(/unencrypted/)
  })

  it('go to what the author named as they say', () => {
    expect(on('/', 'http://localhost:3000/openapi.json')).not.toThrow()
    expect(() => compile(['bearer'], { bearer: 't1' }, { baseUrl: 'http://localhost:3000' })).not.toThrow()
  })
})

describe('OA-02: a credential that cannot be sent', () => {
  const canary = 'CANARY-7f3a'

  it.each<readonly [string, Credential]>([
    ['header', `${canary}\r\nx-evil: 1`],
    ['header', `${canary}\n`],
    ['header', `${canary}\u0000`],
    ['header', `${canary}€`],
    ['bearer', `${canary}\r\n`],
    ['oauth', `Bearer ${canary}\n`],
    ['hoba', `${canary}\n`],
    ['cookie', `${canary}; admin=1`],
    ['cookie', `${canary} x`],
    ['cookie', `${canary}\r\n`],
    ['query', `${canary}\ud800`],
    ['basic', `${canary}`],
    ['basic', `ada:${canary}\r\n`],
    ['basic', { username: `a:${canary}`, password: 'x' }],
    ['basic', { username: 'ada', password: undefined } as never],
    ['basic', null as never],
    ['bearer', { username: 'ada', password: canary }],
    ['header', { username: 'ada', password: canary }],
    ['header', ''],
    ['header', '  '],
    ['header', undefined as never],
    ['header', 7 as never],
    ['oauth', { prove: canary } as never],
    ['odd', canary],
    ['tls', canary],
  ])('for %s is refused at set-up and in a call, and not shown', async (scheme, credential) => {
    const isMissing = credential === undefined
    const failures: unknown[] = []
    for (const work of [
      () => checkCredentials(api(), { [scheme]: credential }),
      () => compile([scheme], { [scheme]: credential }),
      () => proved(scheme, () => credential as string),
      () => proved(scheme, async () => credential as string),
    ]) {
      await Promise.resolve()
        .then(work)
        .catch((problem: unknown) => failures.push(problem))
    }
    expect(failures).toHaveLength(isMissing ? 3 : 4)
    for (const problem of failures) {
      expect(problem).toMatchObject({ code: isMissing && problem !== failures[0] ? 'UNAUTHORIZED' : 'SETTING' })
      expect(String(problem)).toContain(`"${scheme}"`)
      expect(String((problem as Error).stack)).not.toContain('CANARY')
    }
  })

  it.each(['Host', 'content-length', 'Transfer-Encoding', 'connection', 'x: y', 'x\r\ny', ''])(
    'is refused where the document wants it as the header %j',
    (name) => {
      const odd = api({ key: { type: 'apiKey', in: 'header', name } })
      expect(() => compile(['key'], { key: 'k1' }, { api: odd })).toThrow('a header that cannot be set')
      expect(compile(['key'], {}, { api: odd })).toEqual({ missing: ['key'] })
    },
  )

  it.each(['a=b', 'a; b', 'a b', ''])('is refused where the document wants it as the cookie %j', (name) => {
    const odd = api({ key: { type: 'apiKey', in: 'cookie', name } })
    expect(() => compile(['key'], { key: 'k1' }, { api: odd })).toThrow('a name that there cannot be')
  })

  it('is one for a scheme that the document does not have', () => {
    expect(() => checkCredentials(api({ a: { type: 'oauth2' }, b: { type: 'oauth2' } }), { c: 'k1' })).toThrow(
      'auth: the document has no security scheme "c"; it has "a", "b"',
    )
    expect(() => checkCredentials(api({}), { c: 'k1' })).toThrow('give what the API wants as `headers`')
    expect(() => checkCredentials(api(), { header: 'k1', oauth: () => 'x' })).not.toThrow()
    expect(() => checkCredentials(api(), undefined)).not.toThrow()
  })
})
