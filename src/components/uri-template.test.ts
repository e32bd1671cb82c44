import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DefinitionError } from '../protocol/errors.ts'
import { compileTemplate } from './uri-template.ts'

const read = (template: string, uri: string): object | undefined => {
  const values = compileTemplate(template).match(uri)
  return values && { ...values }
}

describe('matching a URI', () => {
  const cases: readonly (readonly [template: string, uri: string, values: object | undefined])[] = [
    ['users://{id}', 'users://7', { id: '7' }],
    ['users://{id}', 'users://', undefined],
    ['users://{id}', 'users://7/8', undefined],
    ['users://{id}', 'users://7?x=1', undefined],
    ['users://{id}', 'users://7#top', undefined],
    ['users://{id}', 'user://7', undefined],
    ['users://{id}', 'users://a%20b%2Fc', { id: 'a b/c' }],
    ['users://{id}', 'users://zoë', { id: 'zoë' }],
    ['users://{id}', 'users://zo%C3%AB', { id: 'zoë' }],
    ['users://{id}', 'users://a+b', { id: 'a+b' }],
    ['naïve://{id}', 'na%C3%AFve://1', { id: '1' }],
    ['users://{id}/profile{?lang}', 'users://7/profile', { id: '7' }],
    ['users://{id}/profile{?lang}', 'users://7/profile?', { id: '7' }],
    ['users://{id}/profile{?lang}', 'users://7/profile?lang=en', { id: '7', lang: 'en' }],
    ['users://{id}/profile{?lang}', 'users://7/profile?lang=', { id: '7', lang: '' }],
    ['users://{id}/profile{?lang}', 'users://7/profile?lang', { id: '7', lang: '' }],
    ['users://{id}/profile{?lang}', 'users://7/profile?lang=a=b', { id: '7', lang: 'a=b' }],
    ['users://{id}/profile{?lang}', 'users://7/profile?lnag=en', undefined],
    ['users://{id}/profile{?lang}', 'users://7/profile?lang=en&lang=de', undefined],
    ['users://{id}/profile{?lang}', 'users://7/profile?lang=en#top', undefined],
    ['s://x{?q,page}', 's://x?page=2&q=a%26b', { q: 'a&b', page: '2' }],
    ['s://x{?q,page}', 's://x?page=2', { page: '2' }],
    ['s://x{?tags*}', 's://x?tags=a&tags=b', { tags: ['a', 'b'] }],
    ['s://x{?tags*}', 's://x?tags=a', { tags: ['a'] }],
    ['s://x{?tags*}', 's://x', {}],
    ['s://x?kind=all{&q}', 's://x?q=1&kind=all', { q: '1' }],
    ['s://x?kind=all{&q}', 's://x?q=1', undefined],
    ['s://x?kind=all{&q}', 's://x?q=1&kind=one', undefined],
    ['s://x?query={q}&page={page}', 's://x?page=2&query=a', { q: 'a', page: '2' }],
    ['s://x?query={q}&page={page}', 's://x?query=a', undefined],
    ['s://x?in={path*}', 's://x?in=a/b', { path: 'a/b' }],
    ['files://{path*}', 'files://a/b/c.txt', { path: 'a/b/c.txt' }],
    ['files://{path*}{?lang}', 'files://a/b?lang=en', { path: 'a/b', lang: 'en' }],
    ['files://{+path}', 'files://a/b?c', { path: 'a/b?c' }],
    ['files://{path*}/v/{version}', 'files://a/v/b/v/2', { path: 'a/v/b', version: '2' }],
    [
      'files://{root}/{path*}/{name}.{ext}',
      'files://r/a/b/c.tar.gz',
      { root: 'r', path: 'a/b', name: 'c.tar', ext: 'gz' },
    ],
    ['f://{name}.{ext}', 'f://a.tar.gz', { name: 'a.tar', ext: 'gz' }],
    ['f://{name}{.ext}', 'f://a.b', { name: 'a', ext: 'b' }],
    ['f://x{.parts*}', 'f://x.a.b', { parts: ['a', 'b'] }],
    ['f://x{/a,b}', 'f://x/1/2', { a: '1', b: '2' }],
    ['f://x{/segments*}', 'f://x/1/2/3', { segments: ['1', '2', '3'] }],
    ['f://{a,b}', 'f://1,2', { a: '1', b: '2' }],
    ['f://{a,b}', 'f://1,2,3', undefined],
    ['f://{+a,b}', 'f://1,2,3', { a: '1', b: '2,3' }],
    ['f://{a*}/to/{b*}', 'f://1/2/to/3/4', { a: '1/2', b: '3/4' }],
    ['f://{id}{#part}', 'f://1#intro', { id: '1', part: 'intro' }],
    ['f://{id}{?q}{#part}', 'f://1?q=2#a?b', { id: '1', q: '2', part: 'a?b' }],
    ['f://{id}{?q}{#part}', 'f://1?q=2', undefined],
    ['f://x#{part}', 'f://x#intro', { part: 'intro' }],
    ['f://{id}{;v,w}', 'f://1;w=3;v=2', { id: '1', v: '2', w: '3' }],
    ['f://{id}{;v,w}', 'f://1', { id: '1' }],
    ['f://{id}{;v}/x', 'f://1;v=2/x', { id: '1', v: '2' }],
    ['f://{id}{;v}', 'f://1;u=2', undefined],
    ['f://x{;v*}', 'f://x;v=1;v=2', { v: ['1', '2'] }],
    ['f://x{;v}', 'f://xy', undefined],
    ['f://{constructor}', 'f://a', { constructor: 'a' }],
    ['plain://x', 'plain://x', {}],
    ['plain://x', 'plain://xy', undefined],
    ['ab://{x}ab', 'ab://ab', undefined],
    ['ab://{x}ab', 'ab://xab', { x: 'x' }],
  ]
  it.each(cases)('%s against %s', (template, uri, values) => {
    expect(read(template, uri)).toEqual(values)
  })

  it.each(['%', '%2', '%zz', '%ff', '%c0%af', '%ed%a0%80'])('malformed encoding %s does not match', (raw) => {
    expect(read('users://{id}', `users://a${raw}`)).toBeUndefined()
    expect(read('users://x{?q}', `users://x?q=${raw}`)).toBeUndefined()
  })

  it('half a surrogate pair and braces are no URI', () => {
    expect(read('users://{id}', 'users://\ud800')).toBeUndefined()
    expect(read('users://{id}', 'users://{id}')).toBeUndefined()
  })

  it('gives values without a prototype, so no inherited name is a parameter', () => {
    expect(compileTemplate('s://x{?toString}').match('s://x')?.toString).toBeUndefined()
  })
})

describe('a template that cannot work is refused where it is compiled', () => {
  const cases: readonly (readonly [template: string, words: string])[] = [
    ['x://{a', 'a "{" is not closed'],
    ['x://a}', 'a "}" has no "{" before it'],
    ['x://{a{b}}', '"{a{b}" is no variable'],
    ['x://{}', '"{}" is no variable'],
    ['x://{a,}', '"{}" is no variable'],
    ['x://{a b}', '"{a b}" is no variable'],
    ['x://{a:3}', '"{a:3}" is no variable'],
    ['x://{=a}', '"{=a}" is no variable'],
    ['x://{__proto__}', 'cannot be called __proto__'],
    ['x://{a}/{a}', 'the variable "a" is there twice'],
    ['x://{a}{b}', 'nothing stands between {a} and {b}'],
    ['x://{a*}/{b}/{c*}', '{b} stands between two variables that cross "/"'],
    ['x://{a}{;v}x', 'only "/", a query or the end may follow it'],
    ['x://{a}{&q}', 'begin the query with {?…}'],
    ['x://a?{q}', 'write the query as ?name={variable}'],
    ['x://a?q={a}{b}', 'write the query as ?name={variable}'],
    ['x://a{?q}b', 'write the query as ?name={variable}'],
    ['x://a?q=1{&q}', 'the query names "q" twice'],
    ['x://\ud800', 'half a surrogate pair'],
  ]
  it.each(cases)('%s: %s', (template, words) => {
    expect(() => compileTemplate(template)).toThrow(DefinitionError)
    expect(() => compileTemplate(template)).toThrow(`template "${template}": `)
    expect(() => compileTemplate(template)).toThrow(words)
  })
})

describe('TPL-01: what could lead out of a directory does not match', () => {
  const unsafe = [
    '..',
    '../etc/passwd',
    'a/../b',
    'a/..',
    '..%2fetc',
    '%2e%2e/etc',
    '%2e%2e%2fetc',
    '%252e%252e%252fetc',
    '%25252e%25252e/etc',
    'a/..%20/b',
    '%EF%BC%8E%EF%BC%8E/etc',
    'a%00b',
    'a%2500b',
    '/etc/passwd',
    '%2fetc/passwd',
    'C:\\windows',
    'C:%5Cwindows',
    'c:/windows',
    'C%3Awindows',
    '%5C%5Cserver%5Cshare',
    '..%5Cetc',
    '~/secrets',
    '~root/secrets',
  ]
  it.each(unsafe)('%s', (path) => {
    expect(read('files://{path*}', `files://${path}`)).toBeUndefined()
    expect(read('files://{+path}', `files://${path}`)).toBeUndefined()
    expect(read('files://read{?path}', `files://read?path=${path}`)).toBeUndefined()
    expect(read('files://read{?paths*}', `files://read?paths=a&paths=${path}`)).toBeUndefined()
  })

  it.each(['..%2fetc', '%2e%2e', 'a%2f..%2fb', '%2fetc'])('%s as one segment', (id) => {
    expect(read('users://{id}', `users://${id}`)).toBeUndefined()
  })

  it.each(['a..b', '...a', '.hidden', 'a/.b/c..d', 'notes~', 'ab:c', '100%25', 'a.b.c'])('%s is harmless', (path) => {
    expect(read('files://{path*}', `files://${path}`)).toEqual({ path: decodeURIComponent(path) })
  })

  it('a variable that is unscreened takes anything', () => {
    const search = compileTemplate('search://{area}{?text}', { unscreened: ['text'] })
    expect({ ...search.match('search://docs?text=../x') }).toEqual({ area: 'docs', text: '../x' })
    expect(search.match('search://..?text=x')).toBeUndefined()
  })
})

describe('TPL-02: too large is refused at once', () => {
  const timed = (work: () => void): number => {
    const start = performance.now()
    work()
    return performance.now() - start
  }

  it('a URI of 65,537 characters', () => {
    const template = compileTemplate('files://{path*}')
    const longest = `files://${'a'.repeat(65_536 - 8)}`
    expect(template.match(longest)).toBeDefined()
    expect(template.match(`${longest}a`)).toBeUndefined()
    const huge = `${longest}${'a'.repeat(1_000_000)}`
    expect(Math.min(...[1, 2, 3].map(() => timed(() => template.match(huge))))).toBeLessThan(5)
  })

  it('257 variables', () => {
    const template = (count: number): string => `x://${Array.from({ length: count }, (_, i) => `{v${i}}`).join('/')}`
    expect(compileTemplate(template(256)).variables).toHaveLength(256)
    expect(() => compileTemplate(template(257))).toThrow('more than 256 variables')
  })

  it('8 KiB of template, nested braces, a million commas', () => {
    expect(() => compileTemplate(`x://${'a'.repeat(8189)}`)).toThrow('longer than 8192 characters')
    expect(() => compileTemplate(`x://${'{'.repeat(8000)}`)).toThrow(DefinitionError)
    expect(() => compileTemplate(`x://{${','.repeat(8000)}}`)).toThrow(DefinitionError)
    expect(
      timed(() => expect(() => compileTemplate(`x://{${','.repeat(1_000_000)}}`)).toThrow('longer than')),
    ).toBeLessThan(50)
  })

  const hostile: readonly (readonly [template: string, uri: string])[] = [
    ['x://{a}-{b}-{c}-{d}-{e}!', `x://${'-'.repeat(65_000)}`],
    ['x://{a}/{b}/{c*}/{d}/{e}.x', `x://${'a/'.repeat(32_000)}`],
    ['x://{a*}aa{b*}ab{c*}', `x://${'a'.repeat(65_000)}`],
    ['x://{a}{;v,w}/{b*}', `x://${';v=1'.repeat(16_000)}`],
    ['x://{a}{?b*,c}', `x://a?${'b=1&'.repeat(16_000)}d=1`],
    ['x://{path*}', `x://${'%2525'.repeat(13_000)}`],
    ['x://{path*}', `x://${'/.. '.repeat(10_000)}x`],
  ]
  it.each(hostile)('%s is matched in linear time', (template, uri) => {
    const compiled = compileTemplate(template)
    // What grows with the square takes seconds at this length.
    expect(timed(() => compiled.match(uri))).toBeLessThan(500)
  })
})

describe('what a template expands, it matches', () => {
  const safe = fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 20 })
    .filter((text) => compileTemplate('x://{v}').match(`x://${encodeURIComponent(text)}`) !== undefined)
  const any = fc.string({ unit: 'grapheme', minLength: 0, maxLength: 20 })
  const path = fc.array(safe, { minLength: 1, maxLength: 4 }).map((segments) => segments.join('/'))

  const roundTrip = (template: string, shape: Record<string, fc.Arbitrary<string | string[] | undefined>>): void => {
    const names = Object.keys(shape)
    const compiled = compileTemplate(template, { unscreened: names })
    fc.assert(
      fc.property(fc.record(shape), (values) => {
        const given = Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined))
        expect({ ...compiled.match(compiled.expand(given)) }).toEqual(given)
      }),
    )
  }

  it('one segment, a query, a list', () => {
    roundTrip('u://{id}/x{?lang,tags*}', {
      id: safe,
      lang: fc.option(any, { nil: undefined }),
      tags: fc.option(fc.array(any, { minLength: 1 }), { nil: undefined }),
    })
  })

  it('paths, parameters, fixed queries', () => {
    roundTrip('u://{a,b}/{path*}', { a: safe, b: safe, path })
    roundTrip('u://{id}{;v,w}/z', {
      id: safe,
      v: fc.option(any, { nil: undefined }),
      w: fc.option(any, { nil: undefined }),
    })
    roundTrip('u://x?fixed=1&q={q}{&more}', { q: any, more: fc.option(any, { nil: undefined }) })
    roundTrip('u://x{/segments*}', { segments: fc.array(safe, { minLength: 1 }) })
  })
})
