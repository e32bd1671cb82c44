import { describe, expect, it } from 'vitest'
import { mediaOf, parameterOf, writerOf } from '../../../../tests/kit/openapi-writer.ts'
import type { ParameterStyle } from '../routes/route.ts'

/** The values of the table "Style Examples" (OpenAPI 3.1.1, 4.8.12.6; OpenAPI 3.2, 4.12.6). */
const BLUE = 'blue'
const COLORS = ['blue', 'black', 'brown']
const RGB = { R: 100, G: 200, B: 150 }

type Row = readonly [style: ParameterStyle, explode: boolean, value: unknown, written: string]

function pathOf(style: ParameterStyle, explode: boolean, value: unknown): string {
  const parameters = [parameterOf('color', 'path', { style, explode })]
  return writerOf({ path: '/at{color}', parameters })({ color: value }).url.pathname.slice('/at'.length)
}

function queryOf(style: ParameterStyle, explode: boolean, value: unknown): string {
  const parameters = [parameterOf('color', 'query', { style, explode })]
  return writerOf({ parameters })({ color: value }).url.search.slice(1)
}

function headerOf(name: string, explode: boolean, value: unknown): string | null {
  const parameters = [parameterOf(name, 'header', { explode })]
  return writerOf({ parameters })({ [name]: value }).headers.get(name)
}

function cookieOf(style: ParameterStyle, explode: boolean, value: unknown): string | null {
  const parameters = [parameterOf('color', 'cookie', { style, explode })]
  return writerOf({ parameters })({ color: value }).headers.get('cookie')
}

describe('the table of styles in the specification', () => {
  it.each<Row>([
    ['matrix', false, '', ';color'],
    ['matrix', false, BLUE, ';color=blue'],
    ['matrix', false, COLORS, ';color=blue,black,brown'],
    ['matrix', false, RGB, ';color=R,100,G,200,B,150'],
    ['matrix', true, '', ';color'],
    ['matrix', true, BLUE, ';color=blue'],
    ['matrix', true, COLORS, ';color=blue;color=black;color=brown'],
    ['matrix', true, RGB, ';R=100;G=200;B=150'],
    ['label', false, BLUE, '.blue'],
    ['label', false, COLORS, '.blue,black,brown'],
    ['label', false, RGB, '.R,100,G,200,B,150'],
    ['label', true, BLUE, '.blue'],
    ['label', true, COLORS, '.blue.black.brown'],
    ['label', true, RGB, '.R=100.G=200.B=150'],
    ['simple', false, BLUE, 'blue'],
    ['simple', false, COLORS, 'blue,black,brown'],
    ['simple', false, RGB, 'R,100,G,200,B,150'],
    ['simple', true, BLUE, 'blue'],
    ['simple', true, COLORS, 'blue,black,brown'],
    ['simple', true, RGB, 'R=100,G=200,B=150'],
  ])('in a path: %s, explode %s, %j', (style, explode, value, written) => {
    expect(pathOf(style, explode, value)).toBe(written)
  })

  it.each<Row>([
    ['form', false, '', 'color='],
    ['form', false, BLUE, 'color=blue'],
    ['form', false, COLORS, 'color=blue,black,brown'],
    ['form', false, RGB, 'color=R,100,G,200,B,150'],
    ['form', true, '', 'color='],
    ['form', true, BLUE, 'color=blue'],
    ['form', true, COLORS, 'color=blue&color=black&color=brown'],
    ['form', true, RGB, 'R=100&G=200&B=150'],
    ['spaceDelimited', false, COLORS, 'color=blue%20black%20brown'],
    ['spaceDelimited', false, RGB, 'color=R%20100%20G%20200%20B%20150'],
    ['pipeDelimited', false, COLORS, 'color=blue%7Cblack%7Cbrown'],
    ['pipeDelimited', false, RGB, 'color=R%7C100%7CG%7C200%7CB%7C150'],
    ['deepObject', true, RGB, 'color%5BR%5D=100&color%5BG%5D=200&color%5BB%5D=150'],
  ])('in a query: %s, explode %s, %j', (style, explode, value, written) => {
    expect(queryOf(style, explode, value)).toBe(written)
  })

  it.each<readonly [explode: boolean, value: unknown, written: string]>([
    [false, '', ''],
    [false, BLUE, 'blue'],
    [false, COLORS, 'blue,black,brown'],
    [false, RGB, 'R,100,G,200,B,150'],
    [true, COLORS, 'blue,black,brown'],
    [true, RGB, 'R=100,G=200,B=150'],
  ])('in a header: simple, explode %s, %j', (explode, value, written) => {
    expect(headerOf('X-Color', explode, value)).toBe(written)
  })

  it.each<Row>([
    ['form', false, '', 'color='],
    ['form', false, BLUE, 'color=blue'],
    ['form', false, COLORS, 'color=blue,black,brown'],
    ['form', false, RGB, 'color=R,100,G,200,B,150'],
    ['form', true, COLORS, 'color=blue; color=black; color=brown'],
    ['form', true, RGB, 'R=100; G=200; B=150'],
    ['cookie', false, '', 'color='],
    ['cookie', false, BLUE, 'color=blue'],
    ['cookie', false, COLORS, 'color=blue,black,brown'],
    ['cookie', false, RGB, 'color=R,100,G,200,B,150'],
    ['cookie', true, BLUE, 'color=blue'],
    ['cookie', true, COLORS, 'color=blue; color=black; color=brown'],
    ['cookie', true, RGB, 'R=100; G=200; B=150'],
  ])('in a cookie: %s, explode %s, %j', (style, explode, value, written) => {
    expect(cookieOf(style, explode, value)).toBe(written)
  })

  it('has the examples of the specification', () => {
    expect(pathOf('simple', false, 'diṅnāga')).toBe('di%E1%B9%85n%C4%81ga')
    expect(queryOf('form', true, ['one thing', 'another thing'])).toBe('color=one%20thing&color=another%20thing')
    expect(headerOf('X-Token', false, [12345678, 90099])).toBe('12345678,90099')
    expect(cookieOf('cookie', true, { greeting: 'Hello%2C world!', code: 42 })).toBe(
      'greeting=Hello%2C world!; code=42',
    )
    expect(cookieOf('form', true, 'Hello, world!')).toBe('color=Hello%2C%20world%21')
  })

  it('has the example of two parameters of one query', () => {
    const formulas = { a: 'x+y', b: 'x/y', c: 'x^y' }
    const words = ['math', 'is', 'fun']
    const plain = [parameterOf('formulas', 'query'), parameterOf('words', 'query', { explode: false })]
    expect(writerOf({ parameters: plain })({ formulas, words }).url.search).toBe(
      '?a=x%2By&b=x%2Fy&c=x%5Ey&words=math,is,fun',
    )
    expect(writerOf({ parameters: plain })({ formulas: {}, words }).url.search).toBe('?words=math,is,fun')
    const other = [
      parameterOf('formulas', 'query', { allowReserved: true }),
      parameterOf('words', 'query', { style: 'spaceDelimited', explode: false }),
    ]
    expect(writerOf({ parameters: other })({ formulas: { ...formulas, a: 'x%2By' }, words }).url.search).toBe(
      '?a=x%2By&b=x/y&c=x%5Ey&words=math%20is%20fun',
    )
    expect(writerOf({ parameters: [parameterOf('❤️', 'query')] })({ '❤️': 'love!' }).url.search).toBe(
      '?%E2%9D%A4%EF%B8%8F=love%21',
    )
  })
})

describe('values that are not in the table', () => {
  it('leaves out what is not there: null, and lists and objects of nothing', () => {
    for (const value of [null, undefined, [], {}, [null], { a: null }]) {
      for (const style of ['form', 'spaceDelimited', 'deepObject'] as const)
        expect(queryOf(style, false, value)).toBe('')
      expect(headerOf('X-A', false, value)).toBeNull()
      expect(cookieOf('form', true, value)).toBeNull()
    }
    expect(queryOf('form', false, [1, null, 2])).toBe('color=1,2')
    expect(queryOf('form', true, ['', 'a'])).toBe('color=&color=a')
  })

  it('writes booleans and numbers as they are, and what is nested as JSON', () => {
    expect(queryOf('form', true, [true, false, 0, -0, 1.5, 1e21])).toBe(
      'color=true&color=false&color=0&color=0&color=1.5&color=1e%2B21',
    )
    expect(queryOf('form', true, { a: { b: [1] } })).toBe('a=%7B%22b%22%3A%5B1%5D%7D')
    expect(pathOf('simple', false, [[1, 2]])).toBe('%5B1%2C2%5D')
    expect(headerOf('X-A', false, [{ a: 1 }])).toBe('{"a":1}')
  })

  it('writes what is deep in brackets', () => {
    const value = { a: { b: 1 }, tags: ['x', 'y'], items: [{ id: 1 }, { id: 2 }], none: null, empty: [] }
    expect(decodeURIComponent(queryOf('deepObject', true, value))).toBe(
      'color[a][b]=1&color[tags][]=x&color[tags][]=y&color[items][0][id]=1&color[items][1][id]=2',
    )
    expect(decodeURIComponent(queryOf('deepObject', true, ['a', 'b']))).toBe('color[]=a&color[]=b')
  })

  it('repeats the name where a style with a separator is exploded', () => {
    expect(queryOf('pipeDelimited', true, ['a|b', 'c'])).toBe('color=a%7Cb&color=c')
    expect(queryOf('spaceDelimited', true, ['a b', 'c'])).toBe('color=a%20b&color=c')
  })

  it('encodes the dot of a label that separates, and no other', () => {
    expect(pathOf('label', true, ['1.5', '2'])).toBe('.1%2E5.2')
    expect(pathOf('label', false, ['1.5', '2'])).toBe('.1.5,2')
  })
})

describe('reserved characters', () => {
  const reserved = (value: unknown, part = {}): string => {
    const parameters = [parameterOf('q', 'query', { allowReserved: true, ...part })]
    return writerOf({ parameters })({ q: value }).url.search
  }

  it('keeps those that mean nothing in a query, and triplets', () => {
    expect(reserved(":/?@!$()*,;'[]#&=+%20%zz é")).toBe('?q=:/?@!$()*,;%27%5B%5D%23%26%3D%2B%20%25zz%20%C3%A9')
  })

  it('encodes the comma where it separates', () => {
    expect(reserved(['a,b/c', 'd'], { explode: false })).toBe('?q=a%2Cb/c,d')
    expect(reserved(['a,b', 'd'])).toBe('?q=a,b&q=d')
  })

  it('keeps them in brackets too', () => {
    expect(reserved({ at: 'a/b&c' }, { style: 'deepObject' })).toBe('?q%5Bat%5D=a/b%26c')
  })

  it('keeps in a path what is part of a segment, and encodes triplets again', () => {
    const parameters = [parameterOf('p', 'path', { allowReserved: true })]
    expect(writerOf({ path: '/{p}/end', parameters })({ p: "a:b@c/d?e#f;g%2F'h" }).url.pathname).toBe(
      '/a:b@c%2Fd%3Fe%23f%3Bg%252F%27h/end',
    )
  })

  it('keeps in a cookie what does not end it', () => {
    const parameters = [parameterOf('c', 'cookie', { allowReserved: true })]
    expect(writerOf({ parameters })({ c: 'a/b=c;d,e"f' }).headers.get('cookie')).toBe('c=a/b=c%3Bd%2Ce%22f')
  })
})

describe('parameters of a media type', () => {
  it('writes JSON into a query', () => {
    const parameters = [parameterOf('coordinates', 'query', { content: mediaOf('application/json') })]
    expect(writerOf({ parameters })({ coordinates: { lat: 10, long: 60 } }).url.search).toBe(
      '?coordinates=%7B%22lat%22%3A10%2C%22long%22%3A60%7D',
    )
  })

  it('writes JSON into paths, headers and cookies', () => {
    const content = mediaOf('application/json')
    const parameters = [
      parameterOf('p', 'path', { content }),
      parameterOf('X-H', 'header', { content }),
      parameterOf('c', 'cookie', { content }),
    ]
    const { url, headers } = writerOf({ path: '/{p}', parameters })({ p: ['a/b'], 'X-H': { é: '漢' }, c: 'x;y' })
    expect(url.pathname).toBe('/%5B%22a%2Fb%22%5D')
    expect(JSON.parse(headers.get('x-h') ?? '')).toEqual({ é: '漢' })
    expect(headers.get('cookie')).toBe('c=%22x%3By%22')
  })

  it('writes other types as the text that they are', () => {
    const parameters = [parameterOf('q', 'query', { content: mediaOf('text/plain') })]
    expect(writerOf({ parameters })({ q: 'a b&c' }).url.search).toBe('?q=a%20b%26c')
  })
})

describe('a whole query that is one value', () => {
  const whole = (type: string, value: unknown, encoding = {}): string => {
    const parameters = [parameterOf('all', 'querystring', { content: mediaOf(type, encoding) })]
    return writerOf({ path: '/x?fixed=1', parameters })({ all: value }).url.search
  }

  it('has the examples of the specification', () => {
    expect(whole('application/x-www-form-urlencoded', { foo: 'a + b', bar: true })).toBe(
      '?fixed=1&foo=a+%2B+b&bar=true',
    )
    expect(whole('application/json', { numbers: [1, 2], flag: null })).toBe(
      '?fixed=1&%7B%22numbers%22%3A%5B1%2C2%5D%2C%22flag%22%3Anull%7D',
    )
    expect(whole('application/jsonpath', '$.a.b[1:1]')).toBe('?fixed=1&%24.a.b%5B1%3A1%5D')
  })

  it('leaves plain text to its author, but not its end', () => {
    expect(whole('text/plain', 'a=1&b[]=x y#z')).toBe('?fixed=1&a=1&b[]=x%20y%23z')
  })

  it('leaves nothing where there is nothing', () => {
    expect(whole('application/x-www-form-urlencoded', {})).toBe('?fixed=1')
    expect(whole('text/plain', null)).toBe('?fixed=1')
  })
})
