import { describe, expect, it } from 'vitest'
import { apiOf, routeOf } from '../../../../tests/kit/openapi-route.ts'
import type { Api } from '../routes/api.ts'
import type { RouteServer } from '../routes/route.ts'
import { RouteProblem } from '../routes/route-problem.ts'
import { checkServerVariables, redirectsOf, type Server, type ServerOptions, serverOf } from './server.ts'

type Variables = Readonly<Record<string, { readonly default: string; readonly enum?: readonly string[] }>>

const server = (url: string, variables: Variables = {}): RouteServer => ({
  url,
  variables: new Map(Object.entries(variables)),
})

/** Where an operation with these servers goes. */
function choose(servers: readonly (string | RouteServer)[], options: ServerOptions = {}, address?: string): Server {
  const given = servers.map((one) => (typeof one === 'string' ? server(one) : one))
  const api: Api = apiOf(address === undefined ? {} : { address: new URL(address) })
  return serverOf(routeOf({ servers: given }), api, options)
}

const baseOf = (...call: Parameters<typeof choose>): string => choose(...call).base.href

/** What an operation is left out for. */
function reasonOf(...call: Parameters<typeof choose>): string {
  try {
    return `It goes to ${baseOf(...call)}`
  } catch (problem) {
    if (problem instanceof RouteProblem) return problem.message
    throw problem
  }
}

describe('where an operation goes', () => {
  it('is the first of its servers, as a folder', () => {
    expect(baseOf(['https://api.example.com/v1', 'https://other.example.com'])).toBe('https://api.example.com/v1/')
    expect(baseOf(['https://api.example.com'])).toBe('https://api.example.com/')
  })

  it.each([
    ['/v1', 'https://example.com/v1/'],
    ['v1', 'https://example.com/docs/v1/'],
    ['../v1', 'https://example.com/v1/'],
    ['.', 'https://example.com/docs/'],
    ['//api.example.com/v1', 'https://api.example.com/v1/'],
  ])('is %s against the address of the document', (url, base) => {
    expect(baseOf([url], {}, 'https://example.com/docs/openapi.json')).toBe(base)
  })

  it('is what the author says before all', () => {
    const options = { baseUrl: 'http://10.0.0.7:8080/api' }
    const chosen = choose(['https://api.example.com', 'http://169.254.169.254'], options)
    expect(chosen).toMatchObject({ isNamed: true, base: new URL('http://10.0.0.7:8080/api/') })
    expect(() => choose(['/'], { baseUrl: 'ftp://x' })).toThrow('baseUrl is no http or https address')
  })

  it('is encrypted where the document offers it', () => {
    expect(baseOf(['http://api.example.com/v1', 'https://api.example.com/v1/'])).toBe('https://api.example.com/v1/')
    expect(baseOf(['http://api.example.com/v1', 'https://api.example.com/v2'])).toBe('http://api.example.com/v1/')
  })

  it.each([
    ['nothing but a path', ['/v1']],
    ['no server', []],
    ['what is no address', ['https://']],
    ['a relative address', ['//api.example.com']],
  ])('is asked for where a document without an address has %s', (_, servers) => {
    expect(reasonOf(servers)).toBe('The document does not say where the API is; give `baseUrl`')
    expect(reasonOf(servers, {}, 'file:///home/ada/openapi.json')).toMatch(/give `baseUrl`$/)
  })

  it.each([
    ['ftp://api.example.com', 'is no http or https address'],
    ['javascript:alert(1)', 'is no http or https address'],
    ['https://ada:secret@api.example.com', 'holds a user and password'],
    ['https://api.example.com/?key=1', 'holds a query'],
    ['https://api.example.com/#x', 'holds a query'],
  ])('is not %s', (url, words) => {
    const reason = reasonOf([url])
    expect(reason).toContain(words)
    expect(reason).not.toContain('secret')
  })
})

describe('OA-03: a variable of an address', () => {
  const region = server('https://{region}.example.com/{version}', {
    region: { default: 'eu', enum: ['eu', 'us'] },
    version: { default: 'v1' },
  })

  it('is what the document lists, or its default', () => {
    expect(baseOf([region])).toBe('https://eu.example.com/v1/')
    expect(baseOf([region], { serverVariables: { region: 'us', other: 'x' } })).toBe('https://us.example.com/v1/')
    expect(baseOf([region], { serverVariables: { version: 'v1' } })).toBe('https://eu.example.com/v1/')
  })

  it.each(['evil.example/', 'evil.example#', 'x@evil.example/', 'evil.example\\', 'US', '', '__proto__', '$&'])(
    'is nothing else: %j',
    (value) => {
      expect(reasonOf([region], { serverVariables: { region: value } })).toBe(
        'serverVariables: "region" can only be "eu", "us"; give `baseUrl`',
      )
      expect(reasonOf([region], { serverVariables: { version: value } })).toBe(
        'serverVariables: "version" can only be "v1"; give `baseUrl`',
      )
    },
  )

  it.each(['other', '__proto__', 'constructor', ''])('must be explained by the document: {%s}', (name) => {
    expect(reasonOf([server(`https://{${name}}.example.com`)])).toMatch(/which the document does not explain/)
  })

  it('is put in once, and as it is', () => {
    const nested = server('https://api.example.com/{a}', { a: { default: '{b}' }, b: { default: 'x' } })
    expect(baseOf([nested])).toBe('https://api.example.com/%7Bb%7D/')
    const dollars = server('https://api.example.com/{a}', { a: { default: "$&$'" } })
    expect(baseOf([dollars])).toBe("https://api.example.com/$&$'/")
  })

  it('cannot make an address without end', () => {
    const long = { v: { default: 'x'.repeat(1_000_000) } }
    for (const url of [
      `https://api.example.com/${'{v}'.repeat(600)}`,
      `https://api.example.com/${'x'.repeat(2_000)}`,
    ]) {
      expect(reasonOf([server(url, long)])).toContain('longer than 2000 characters')
    }
  })

  it('cannot make an address one inside a network', () => {
    const host = server('http://{host}', { host: { default: '169.254.169.254' } })
    expect(reasonOf([host])).toMatch(/is not a public address/)
  })
})

describe('OA-04: an address that only the document names', () => {
  it.each([
    'http://169.254.169.254/latest',
    'http://0xa9fea9fe',
    'http://[fd00:ec2::254]',
    'http://metadata.google.internal',
    'http://localhost:8080',
    'https://127.0.0.1',
    'https://[::ffff:10.0.0.7]',
    'https://db',
  ])('is not called: %s', (url) => {
    const fetch = async (): Promise<Response> => Response.json({})
    for (const options of [{}, { fetch }]) expect(reasonOf([url], options)).toMatch(/give `baseUrl`$/)
    expect(reasonOf([url], {}, 'https://example.com/openapi.json')).toMatch(/give `baseUrl`$/)
  })

  it('is called through the guard, which looks at what its name leads to', async () => {
    const { fetch, isNamed } = choose(['https://api.example.com'])
    expect(isNamed).toBe(false)
    await expect(fetch('http://10.0.0.7/', {})).rejects.toMatchObject({ reason: 'forbidden' })
  })

  it('is called as the author calls, where they give a way', () => {
    const fetch = async (): Promise<Response> => Response.json({})
    expect(choose(['https://api.example.com'], { fetch }).fetch).toBe(fetch)
  })

  it('is called as any other where the document was found there by its author', () => {
    const chosen = choose(['/v1'], {}, 'http://localhost:3000/openapi.json')
    expect(chosen).toMatchObject({ isNamed: true, base: new URL('http://localhost:3000/v1/') })
    expect(reasonOf(['http://localhost:3001'], {}, 'http://localhost:3000/openapi.json')).toMatch(/inside a network/)
  })

  it('gets no headers of the author or the caller unencrypted', () => {
    expect(baseOf(['http://api.example.com'])).toBe('http://api.example.com/')
    for (const options of [{ headers: { 'x-key': 'secret' } }, { forwardHeaders: ['x-tenant'] }]) {
      expect(reasonOf(['http://api.example.com'], options)).toMatch(/unencrypted; give `baseUrl`$/)
      expect(baseOf(['https://api.example.com'], options)).toBe('https://api.example.com/')
      expect(baseOf(['/'], options, 'http://localhost:3000/openapi.json')).toBe('http://localhost:3000/')
    }
  })
})

describe('a variable that the author gives', () => {
  const api = apiOf({
    routes: [routeOf({ servers: [server('https://{region}.example.com', { region: { default: 'eu' } })] })],
  })

  it('is one of an address of the document, or the author is told', () => {
    expect(() => checkServerVariables(api, { serverVariables: { regoin: 'us' } })).toThrow(
      expect.objectContaining({
        code: 'SETTING',
        message: 'serverVariables: no address of the document has "regoin"; it has "region"',
      }),
    )
    expect(() => checkServerVariables(apiOf(), { serverVariables: { a: 'b' } })).toThrow('it has none')
  })

  it('is fine where it is one, or the address is the author’s anyway', () => {
    expect(() => checkServerVariables(api, { serverVariables: { region: 'us' } })).not.toThrow()
    expect(() => checkServerVariables(api, { serverVariables: { a: 'b' }, baseUrl: 'https://x.example' })).not.toThrow()
    expect(() => checkServerVariables(api, {})).not.toThrow()
  })
})

describe('where an operation is redirected to', () => {
  const told = (...statuses: readonly string[]): string =>
    redirectsOf({ responses: statuses.map((status) => ({ status, content: [] })) }, {}).redirects

  it('may be elsewhere only if the document says that it redirects', () => {
    expect(told('200', 'default', '304', '300')).toBe('same-origin')
    for (const status of ['301', '302', '303', '307', '308', '3XX', '3xx']) expect(told('200', status)).toBe('any')
  })

  it('is nowhere else where the author asks by other means', () => {
    expect(redirectsOf({ responses: [{ status: '302', content: [] }] }, { fetch })).toEqual({
      redirects: 'same-origin',
    })
  })
})
