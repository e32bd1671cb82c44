import { describe, expect, it } from 'vitest'
import { bodyOf, mediaOf, parameterOf, textOfBody, wholeBody, writerOf } from '../../../../tests/kit/openapi-writer.ts'
import { ToolError } from '../../../protocol/errors.ts'
import { RouteProblem } from '../routes/route-problem.ts'

const refused = (message: RegExp): object =>
  expect.objectContaining({ code: 'VALIDATION_ERROR', message: expect.stringMatching(message) })

/** What a call throws; it must be what a model is told. */
function refusal(work: () => unknown): ToolError {
  try {
    work()
  } catch (problem) {
    if (problem instanceof ToolError) return problem
    throw problem
  }
  throw new Error('It was not refused')
}

describe('a usual request', () => {
  const write = writerOf({
    method: 'POST',
    path: '/repos/{owner}/{repo}/issues',
    base: 'https://api.test/v3/',
    parameters: [
      parameterOf('owner', 'path'),
      parameterOf('repo', 'path'),
      parameterOf('page', 'query'),
      parameterOf('labels', 'query'),
      parameterOf('X-Trace', 'header'),
      parameterOf('theme', 'cookie'),
      parameterOf('lang', 'cookie'),
    ],
    body: bodyOf(mediaOf('application/vnd.test+json'), ['title', 'done']),
  })

  it('has everything where the document says', () => {
    const { url, headers, body } = write({
      owner: 'octo cat',
      repo: 'a.b',
      page: 2,
      labels: ['x', 'y&z'],
      'X-Trace': 7,
      theme: 'dark mode',
      lang: 'en',
      title: 'Hi',
      done: null,
    })
    expect(url.href).toBe('https://api.test/v3/repos/octo%20cat/a.b/issues?page=2&labels=x&labels=y%26z')
    expect(Object.fromEntries(headers)).toEqual({
      'content-type': 'application/vnd.test+json',
      cookie: 'theme=dark%20mode; lang=en',
      'x-trace': '7',
    })
    expect(body).toBe('{"title":"Hi","done":null}')
  })

  it('has nothing of what is not given', () => {
    const { url, headers, body } = write({ owner: 'a', repo: 'b' })
    expect(url.href).toBe('https://api.test/v3/repos/a/b/issues')
    expect([...headers]).toEqual([])
    expect(body).toBeUndefined()
  })

  it('takes nothing from the prototype of the arguments', () => {
    const args = Object.create({ page: 9 }) as Record<string, unknown> // an object of unknown members is one
    Object.assign(args, { owner: 'a', repo: 'b' })
    expect(write(args).url.search).toBe('')
  })

  it('knows no argument but its own', () => {
    expect(write({ owner: 'a', repo: 'b', evil: 'x', __proto__: { page: 1 } }).url.search).toBe('')
  })
})

describe('OA-01: a value of a path is never more than its part', () => {
  const write = writerOf({
    path: '/users/{id}/posts',
    base: 'https://api.test/v1/',
    parameters: [parameterOf('id', 'path')],
  })

  it.each([
    ['%2e%2e', '%252e%252e'],
    ['%252e', '%25252e'],
    [';', '%3B'],
    ['a;admin=true', 'a%3Badmin%3Dtrue'],
    ['?x', '%3Fx'],
    ['#', '%23'],
    ['//evil', '%2F%2Fevil'],
    ['\\', '%5C'],
    ['\\\\evil\\share', '%5C%5Cevil%5Cshare'],
    ['https://evil.test/', 'https%3A%2F%2Fevil.test%2F'],
    ['@evil.test', '%40evil.test'],
    ['a\r\nHost: evil', 'a%0D%0AHost%3A%20evil'],
    [' ', '%20'],
    ['\u0000', '%00'],
    ['é漢😀', '%C3%A9%E6%BC%A2%F0%9F%98%80'],
    ["!'()*", '%21%27%28%29%2A'],
    ['...a', '...a'],
    ['a..b', 'a..b'],
    ['.hidden', '.hidden'],
  ])('encodes %j', (id, segment) => {
    const { url } = write({ id })
    expect(url.href).toBe(`https://api.test/v1/users/${segment}/posts`)
    expect(url.pathname.split('/')).toHaveLength(5)
  })

  it('takes 10 KB, and refuses what makes the address too long', () => {
    expect(write({ id: 'x'.repeat(10_240) }).url.pathname).toHaveLength(10_240 + '/v1/users//posts'.length)
    expect(() => write({ id: 'x'.repeat(70_000) })).toThrow(refused(/more than 65536 characters/))
  })

  it.each([
    '.',
    '..',
    '...',
    '../admin',
    'a/../admin',
    'a/..',
    '..\\admin',
    '..;',
    '..;/admin',
    '..\u0000',
    '.. ',
    '..?x',
    '..#x',
    './x',
  ])('refuses %j, which a server that decodes first could follow', (id) => {
    expect(() => write({ id })).toThrow(refused(/another path/))
  })

  it.each(['', null, undefined, [], {}, [null], ['']])('refuses %j, which would make the path another', (id) => {
    expect(() => write({ id })).toThrow(refused(/"id" is empty/))
  })

  it.each(['\ud800', 'a\udc00', ['\ud800'], { '\ud800': 1 }])('refuses half a character: %j', (id) => {
    expect(() => write({ id })).toThrow(refused(/"id" is no well-formed text/))
  })

  it('holds for every style', () => {
    for (const style of ['simple', 'label', 'matrix'] as const) {
      for (const explode of [true, false]) {
        for (const allowReserved of [true, false]) {
          const one = writerOf({
            path: '/a{p}/b',
            parameters: [parameterOf('p', 'path', { style, explode, allowReserved })],
          })
          for (const nasty of ['../x', '/', '\\', '?', '#', 'a/b', '%2f', ';x=1']) {
            for (const value of [nasty, [nasty, nasty], { [nasty]: nasty }]) {
              const text = textOfUrl(() => one({ p: value }))
              if (text !== undefined) expect(text).toMatch(/^https:\/\/api\.test\/a[^/?#\\]*\/b$/)
            }
          }
        }
      }
    }
  })

  it('sees dots that only several values make', () => {
    const two = writerOf({ path: '/x/{a}{b}', parameters: [parameterOf('a', 'path'), parameterOf('b', 'path')] })
    expect(() => two({ a: '.', b: '.' })).toThrow(refused(/another path/))
    const matrix = writerOf({
      path: '/x/{a}{b}',
      parameters: [parameterOf('a', 'path'), parameterOf('b', 'path', { style: 'matrix' })],
    })
    expect(() => matrix({ a: '..', b: 'v' })).toThrow(refused(/another path/))
    const label = writerOf({ path: '/x/{a}', parameters: [parameterOf('a', 'path', { style: 'label' })] })
    expect(() => label({ a: '.' })).toThrow(refused(/another path/))
    expect(() => label({ a: '' })).toThrow(refused(/is empty/))
  })

  it('does not spend long on 60,000 dots', () => {
    const start = performance.now()
    expect(write({ id: `${'.'.repeat(60_000)}x` }).url.pathname).toHaveLength(60_017)
    expect(performance.now() - start).toBeLessThan(200)
  })
})

function textOfUrl(work: () => { readonly url: URL }): string | undefined {
  try {
    return work().url.href
  } catch (problem) {
    expect(problem).toBeInstanceOf(ToolError)
    return undefined
  }
}

describe('OA-02: headers and cookies', () => {
  const header = writerOf({ parameters: [parameterOf('X-Name', 'header')] })
  const cookie = writerOf({ parameters: [parameterOf('a', 'cookie')] })
  const raw = writerOf({ parameters: [parameterOf('a', 'cookie', { style: 'cookie' })] })

  it.each(['a\r\nHost: evil', 'a\nb', 'a\rb', 'a\u0000b', 'ключ', '😀', '\u007f', ['ok', 'a\nb'], { 'a\nb': 1 }])(
    'refuse in a header: %j',
    (value) => {
      expect(() => header({ 'X-Name': value })).toThrow(refused(/"X-Name" has a line break, or a character/))
    },
  )

  it('hold all that Latin-1 has', () => {
    expect(header({ 'X-Name': 'é "quoted", \tok' }).headers.get('x-name')).toBe('é "quoted", \tok')
  })

  it.each([
    'Host',
    'HOST',
    'Authorization',
    'Proxy-Authorization',
    'Cookie',
    'Content-Length',
    'Content-Type',
    'Transfer-Encoding',
    'Connection',
    'Upgrade',
    'TE',
    'Trailer',
    'Expect',
    'Keep-Alive',
    'Sec-Fetch-Site',
    'Mcp-Session-Id',
    'X-Forwarded-For',
    'X-HTTP-Method-Override',
    'not a token',
    'a\r\nb',
    'é',
    '',
  ])('never set %j', (name) => {
    const write = writerOf({ parameters: [parameterOf(name, 'header')] })
    expect(refusal(() => write({ [name]: 'x' })).message).toContain('is a header that no argument sets')
    expect([...write({}).headers]).toEqual([])
  })

  it.each([
    ['a;b=c', 'a=a%3Bb%3Dc'],
    ['a\r\nSet-Cookie: x', 'a=a%0D%0ASet-Cookie%3A%20x'],
    ['"a", é', 'a=%22a%22%2C%20%C3%A9'],
  ])('encode in a cookie: %j', (value, written) => {
    expect(cookie({ a: value }).headers.get('cookie')).toBe(written)
  })

  it.each(['a;b=c', 'a\nb', 'a,b', '"a"', 'a\\b', 'é', ' a', 'a ', '\u0000'])(
    'refuse in a cookie that is sent as it is: %j',
    (value) => {
      expect(() => raw({ a: value })).toThrow(refused(/no cookie can hold/))
      expect(() => raw({ a: [value] })).toThrow(refused(/no cookie can hold/))
    },
  )

  it('refuse names of cookies that would be others', () => {
    const write = writerOf({
      parameters: [parameterOf('session', 'cookie'), parameterOf('all', 'cookie', { style: 'cookie' })],
    })
    expect(() => write({ all: { session: 'stolen' } })).toThrow(refused(/"session", which is another parameter/))
    expect(() => write({ all: { 'a=b;c': 1 } })).toThrow(refused(/cannot be the name of a cookie/))
  })
})

describe('a query', () => {
  it('keeps what the path of the document and the address of the server have', () => {
    const parameters = [parameterOf('q', 'query')]
    const write = writerOf({ path: '/x?action=y&é', base: 'https://api.test/v1?tenant=t', parameters })
    expect(write({ q: 'a' }).url.href).toBe('https://api.test/v1/x?tenant=t&action=y&%C3%A9&q=a')
    expect(write({}).url.search).toBe('?tenant=t&action=y&%C3%A9')
  })

  it('does not let an argument say another thing than the path of the document', () => {
    const parameters = [parameterOf('action', 'query'), parameterOf('rest', 'query')]
    const write = writerOf({ path: '/?action=read', parameters })
    expect(write({ action: 'delete' }).url.search).toBe('?action=read')
    expect(() => write({ rest: { action: 'delete' } })).toThrow(refused(/"action", which is another parameter/))
  })

  it('refuses an object whose members are other parameters', () => {
    const write = writerOf({ parameters: [parameterOf('filter', 'query'), parameterOf('admin', 'query')] })
    expect(() => write({ filter: { admin: true } })).toThrow(refused(/"filter" has a member "admin"/))
    expect(write({ filter: { filter: 1 } }).url.search).toBe('?filter=1')
  })

  it('fills in parameters of the path that stand in it', () => {
    const write = writerOf({
      path: '/x?id={id}&page={page}',
      parameters: [parameterOf('id', 'path'), parameterOf('page', 'query')],
    })
    expect(write({ id: 'a&b', page: 2 }).url.search).toBe('?id=a%26b&page=2')
  })

  it('does without a fragment, and without parameters in the form of templates', () => {
    const parameters = [parameterOf('page', 'query'), parameterOf('name', 'path')]
    expect(writerOf({ path: '/x{?page,limit}#frag', parameters })({ page: 1 }).url.href).toBe(
      'https://api.test/x?page=1',
    )
    expect(writerOf({ path: '/{+name}', parameters })({ name: 'a/b' }).url.href).toBe('https://api.test/a%2Fb')
    expect(writerOf({ path: '/x{.name}', parameters })({ name: 'json' }).url.href).toBe('https://api.test/x.json')
    expect(writerOf({ path: '/x{;name}', parameters })({ name: 'a' }).url.href).toBe('https://api.test/x;name=a')
  })

  it('has what the document needs and leaves no choice', () => {
    const parameters = [
      parameterOf('Action', 'query', { required: true }),
      parameterOf('X-Target', 'header', { required: true }),
    ]
    const properties = { Action: { enum: ['List'], default: 'List' }, 'X-Target': { const: 't', default: 't' } }
    const { url, headers } = writerOf({ parameters, properties })({})
    expect([url.search, headers.get('x-target')]).toEqual(['?Action=List', 't'])
  })

  it('refuses values that hold what separates them', () => {
    const spaces = writerOf({ parameters: [parameterOf('q', 'query', { style: 'spaceDelimited' })] })
    const pipes = writerOf({ parameters: [parameterOf('q', 'query', { style: 'pipeDelimited' })] })
    expect(() => spaces({ q: ['a b', 'c'] })).toThrow(refused(/" ", which separates/))
    expect(() => pipes({ q: ['a|b', 'c'] })).toThrow(refused(/"\|", which separates/))
    expect(pipes({ q: ['a b', 'c'] }).url.search).toBe('?q=a%20b%7Cc')
  })

  it('refuses members that would be others in brackets', () => {
    const write = writerOf({ parameters: [parameterOf('f', 'query', { style: 'deepObject' })] })
    for (const key of ['a][b', '', '[', ']']) expect(() => write({ f: { [key]: 1 } })).toThrow(refused(/brackets/))
  })
})

describe('shapes that nobody asked for', () => {
  const places = [
    writerOf({ path: '/{p}', parameters: [parameterOf('p', 'path')] }),
    writerOf({ parameters: [parameterOf('p', 'query')] }),
    writerOf({ parameters: [parameterOf('p', 'query', { style: 'deepObject' })] }),
    writerOf({ parameters: [parameterOf('p', 'query', { content: mediaOf('application/json') })] }),
    writerOf({ parameters: [parameterOf('p', 'header')] }),
    writerOf({ parameters: [parameterOf('p', 'cookie')] }),
    ...['application/json', 'application/x-www-form-urlencoded', 'multipart/form-data', 'text/plain', 'image/png'].map(
      (type) => writerOf({ body: { kind: 'whole', media: mediaOf(type), argument: 'p' } }),
    ),
  ]

  it('are sent as something that can be read, or refused', async () => {
    const cycle: Record<string, unknown> = {}
    cycle.self = cycle
    const deep = Array.from({ length: 20_000 }).reduce<unknown>((inner) => [inner], 'x')
    const shapes = [cycle, deep, 1n, Number.NaN, Number.POSITIVE_INFINITY, Symbol('s'), () => 1, new Map([[1, 2]])]
    for (const write of places) {
      for (const p of [...shapes, ...shapes.map((shape) => [shape]), ...shapes.map((shape) => ({ a: shape }))]) {
        const sent = await sentOf(() => write({ p }))
        expect(sent).not.toContain('[object')
        expect(sent).not.toContain('Symbol')
        expect(sent).not.toContain('=>')
      }
    }
  })

  it('end soon where parts are shared without end', () => {
    const wide = Array.from({ length: 30 }).reduce<unknown>((inner) => ({ a: inner, b: inner }), {})
    const write = writerOf({ parameters: [parameterOf('p', 'query', { style: 'deepObject' })] })
    expect(() => write({ p: wide })).toThrow(refused(/more than 10000 values/))
  })
})

async function sentOf(work: () => ReturnType<ReturnType<typeof writerOf>>): Promise<string> {
  try {
    const draft = work()
    return `${draft.url.href} ${JSON.stringify([...draft.headers])} ${await textOfBody(draft)}`
  } catch (problem) {
    expect(problem).toBeInstanceOf(ToolError)
    return ''
  }
}

describe('a path that is none', () => {
  it.each(['/a/../b', '/./a', '/a/..', '/%2e%2e/b', '/a/{missing}', '/..;x', '/\ud800'])('is told of: %j', (path) => {
    expect(() => writerOf({ path })).toThrow(RouteProblem)
  })

  it.each([
    ['', 'https://api.test/v1/'],
    ['/', 'https://api.test/v1/'],
    ['x', 'https://api.test/v1/x'],
    ['/x/', 'https://api.test/v1/x/'],
    ['//x', 'https://api.test/v1//x'],
    ['/a b"<>`|^\\é', 'https://api.test/v1/a%20b%22%3C%3E%60%7C%5E%5C%C3%A9'],
    ['/a%2Fb%zz%', 'https://api.test/v1/a%2Fb%25zz%25'],
    ['/x:{y', 'https://api.test/v1/x:%7By'],
  ])('is written as it is otherwise: %j', (path, href) => {
    for (const base of ['https://api.test/v1', 'https://api.test/v1/'])
      expect(writerOf({ path, base })({}).url.href).toBe(href)
  })
})

describe('methods', () => {
  it('have no body where fetch allows none', () => {
    const body = wholeBody(mediaOf('application/json'))
    for (const method of ['GET', 'HEAD', 'TRACE'] as const) {
      const draft = writerOf({ method, body })({ body: { a: 1 } })
      expect(draft.body).toBeUndefined()
      expect([...draft.headers]).toEqual([])
    }
    for (const method of ['DELETE', 'OPTIONS', 'QUERY', 'PUT', 'PATCH'] as const) {
      expect(writerOf({ method, body })({ body: { a: 1 } }).body).toBe('{"a":1}')
    }
  })
})
