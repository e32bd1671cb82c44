import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { originOf } from '../../tests/kit/origin.ts'
import { contextOf } from '../engine/backstage.ts'
import { DefinitionError } from '../protocol/errors.ts'
import type { Resource, Template } from './component.ts'
import { file, image, text } from './content.ts'
import { resource } from './resource.ts'

const context = contextOf(originOf())

const contentsOf = (value: unknown, mimeType?: string): unknown => {
  const made = resource('x://y', mimeType === undefined ? {} : { mimeType }, () => value)
  const result = made.read('x://y', context)
  return 'contents' in result ? result.contents : undefined
}
const asTemplate = (made: Resource | Template): Template => {
  if (made.kind !== 'template') throw new Error('not a template')
  return made
}

describe('a resource is read', () => {
  it.each([
    ['hello', { mimeType: 'text/plain', text: 'hello' }],
    [{ theme: 'dark' }, { mimeType: 'application/json', text: '{"theme":"dark"}' }],
    [['a', 'b'], { mimeType: 'application/json', text: '["a","b"]' }],
    [5, { mimeType: 'application/json', text: '5' }],
    [null, { mimeType: 'application/json', text: 'null' }],
    [new Map([['at', new Date(0)]]), { mimeType: 'application/json', text: '{"at":"1970-01-01T00:00:00.000Z"}' }],
    [new Date(0), { mimeType: 'text/plain', text: '1970-01-01T00:00:00.000Z' }],
    [new Uint8Array([1, 2]), { mimeType: 'application/octet-stream', blob: 'AQI=' }],
    [Uint8Array.from('GIF89a', (c) => c.charCodeAt(0)), { mimeType: 'image/gif', blob: 'R0lGODlh' }],
    [image('iVBORw0KGgoAAAAA'), { mimeType: 'image/png', blob: 'iVBORw0KGgoAAAAA' }],
    [text('hi'), { mimeType: 'text/plain', text: 'hi' }],
  ])('case %#: %j', (value, contents) => {
    expect(contentsOf(value)).toEqual([{ uri: 'x://y', ...contents }])
  })

  it('with the type that was declared', () => {
    expect(contentsOf('# Hi', 'text/markdown')).toEqual([{ uri: 'x://y', mimeType: 'text/markdown', text: '# Hi' }])
    expect(contentsOf({ a: 1 }, 'application/ld+json')).toMatchObject([{ mimeType: 'application/ld+json' }])
    expect(contentsOf(new Uint8Array([1]), 'image/tiff')).toMatchObject([{ mimeType: 'image/tiff' }])
  })

  it('as whole contents, one or many', () => {
    const one = { uri: 'x://y/1', mimeType: 'text/csv', text: 'a,b' }
    expect(contentsOf(one)).toEqual([one])
    expect(contentsOf(file('x://y/2', { text: 'two' }))).toEqual([
      { uri: 'x://y/2', mimeType: 'text/plain', text: 'two' },
    ])
    expect(contentsOf([one, file('x://y/2', { text: 'two' }), 'three', undefined])).toEqual([
      one,
      { uri: 'x://y/2', mimeType: 'text/plain', text: 'two' },
      { uri: 'x://y', mimeType: 'text/plain', text: 'three' },
    ])
  })

  it('later where the handler is asynchronous', async () => {
    const made = resource('x://y', {}, async () => 'later')
    expect(await made.read('x://y', context)).toMatchObject({ contents: [{ text: 'later' }] })
  })

  it('not where the handler knows nothing: that is an unknown resource', () => {
    const made = resource('x://y', {}, () => undefined)
    expect(() => made.read('x://y', context)).toThrow(
      expect.objectContaining({ code: 'RESOURCE_NOT_FOUND', data: { uri: 'x://y' } }),
    )
  })

  it('what cannot be sent is an error that names the resource and the place', () => {
    expect(() => contentsOf({ a: [() => 1] })).toThrow('resource "x://y": contents.a[0] is a function')
  })

  it('may be larger than a tool result', () => {
    expect(contentsOf('x'.repeat(9 * 1024 * 1024))).toMatchObject([{ mimeType: 'text/plain' }])
    expect(contentsOf(new Uint8Array(9 * 1024 * 1024))).toMatchObject([{ mimeType: 'application/octet-stream' }])
    expect(() => contentsOf('x'.repeat(65 * 1024 * 1024))).toThrow('more than 67108864 characters')
  })

  it('gets the context', () => {
    const made = resource('x://y', {}, (_, ctx) => String(ctx === context))
    expect(made.read('x://y', context)).toMatchObject({ contents: [{ text: 'true' }] })
  })
})

describe('a template is read', () => {
  const users = new Map([['7', 'Ada']])
  const profile = asTemplate(
    resource('users://{id}/profile{?lang}', { description: 'A user' }, ({ id, lang }) => {
      const name = users.get(id)
      return name && `${name} (${lang ?? 'en'})`
    }),
  )

  it('with the variables of the URI', () => {
    expect(profile.matches('users://7/profile')).toBe(true)
    expect(profile.read('users://7/profile?lang=de', context)).toEqual({
      contents: [{ uri: 'users://7/profile?lang=de', mimeType: 'text/plain', text: 'Ada (de)' }],
    })
  })

  it('a URI that it does not match, or that the handler does not know, is an unknown resource', async () => {
    const unknown = (uri: string) => expect.objectContaining({ code: 'RESOURCE_NOT_FOUND', data: { uri } })
    expect(profile.matches('users://7')).toBe(false)
    expect(() => profile.read('users://7', context)).toThrow(unknown('users://7'))
    expect(() => profile.read('users://8/profile', context)).toThrow(unknown('users://8/profile'))
    const later = resource('users://{id}', {}, async () => undefined)
    await expect(later.read('users://9', context)).rejects.toEqual(unknown('users://9'))
  })

  it('TPL-01: a URI that could lead out of a directory is unknown', () => {
    const files = asTemplate(resource('files://{path*}', {}, ({ path }) => path))
    expect(files.matches('files://a/../../etc/passwd')).toBe(false)
    expect(() => files.read('files://..%2f..%2fetc%2fpasswd', context)).toThrow('Resource not found')
    const free = asTemplate(resource('files://{path*}', { unscreened: ['path'] }, ({ path }) => path))
    expect(free.matches('files://a/../b')).toBe(true)
  })

  it('with variables checked and converted by a schema', () => {
    const input = z.object({ id: z.number().int(), lang: z.enum(['en', 'de']).default('en') })
    const made = resource('users://{id}{?lang}', { input }, ({ id, lang }) => ({ next: id + 1, lang }))
    expect(made.read('users://7', context)).toMatchObject({ contents: [{ text: '{"next":8,"lang":"en"}' }] })
    expect(() => made.read('users://x', context)).toThrow(
      expect.objectContaining({ code: 'INVALID_PARAMS', data: { uri: 'users://x' } }),
    )
    expect(() => made.read('users://7?lang=fr', context)).toThrow(
      /^template "users:\/\/\{id\}\{\?lang\}": [\s\S]*`lang` must be one of/,
    )
    expect(() => made.read('users://7?lang=fr', context)).not.toThrow(/`id`/)
  })

  it('completes its variables', () => {
    const made = asTemplate(resource('users://{id}{?lang}', { complete: { lang: ['en', 'es', 'de'] } }, ({ id }) => id))
    expect(made.complete({ name: 'lang', value: 'e', others: {} }, context)).toMatchObject({
      completion: { values: ['en', 'es'] },
    })
    expect(() => made.complete({ name: 'nope', value: '', others: {} }, context)).toThrow('there are id, lang')
  })
})

describe('a read that takes too long', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())
  it('fails with TIMEOUT', async () => {
    const late = resource('x://y', { timeout: 100 }, () => new Promise<string>(() => undefined)).read('x://y', context)
    vi.advanceTimersByTime(100)
    await expect(late).rejects.toMatchObject({
      code: 'TIMEOUT',
      message: 'resource "x://y" did not finish within 100 ms',
    })
  })
})

describe('the definition', () => {
  it('of a resource carries everything', () => {
    const made = resource(
      'config://app',
      {
        name: 'config',
        title: 'Config',
        description: 'All of it',
        mimeType: 'application/json',
        size: 12,
        icons: [{ src: 'data:image/png;base64,AA==' }],
        annotations: { audience: ['user'], priority: 0.5 },
        tags: ['a'],
        meta: { a: 1 },
      },
      () => ({}),
    )
    expect(made).toMatchObject({ kind: 'resource', id: 'config://app', tags: ['a'] })
    expect(made.definition).toEqual({
      uri: 'config://app',
      name: 'config',
      title: 'Config',
      description: 'All of it',
      mimeType: 'application/json',
      size: 12,
      icons: [{ src: 'data:image/png;base64,AA==' }],
      annotations: { audience: ['user'], priority: 0.5 },
      _meta: { a: 1 },
    })
    expect(Object.isFrozen(made.definition)).toBe(true)
  })

  it.each([
    ['config://app', 'app'],
    ['file:///a/b.txt', 'b.txt'],
    ['users://{id}', 'users'],
    ['users://{id}/profile{?lang}', 'profile'],
    ['files://{path*}', 'files'],
    ['urn:isbn:1', '1'],
    ['x://a/?b=1', 'a'],
  ])('of %s has the name %s', (uri, name) => {
    expect(resource(uri, {}, () => '').definition.name).toBe(name)
  })

  it('of a template shows the template', () => {
    expect(resource('users://{id}', { mimeType: 'text/plain' }, () => '').definition).toEqual({
      uriTemplate: 'users://{id}',
      name: 'users',
      mimeType: 'text/plain',
    })
  })
})

describe('a definition that cannot work is refused where it is made', () => {
  const strange = z.object({ b: z.string() })
  const bad: readonly (readonly [words: string, define: () => unknown])[] = [
    ['resource "app": a URI begins with a scheme', () => resource('app', {}, () => '')],
    ['template "{+uri}": a URI begins with a scheme', () => resource('{+uri}', {}, () => '')],
    ['a URI holds no blanks', () => resource('x://a b', {}, () => '')],
    ['a URI holds no blanks', () => resource('x://\ud800', {}, () => '')],
    ['a "}" has no "{" before it', () => resource('x://a}', {}, () => '')],
    ['template "x://{a": a "{" is not closed', () => resource('x://{a', {}, () => '')],
    ['template "x://{a}{b}": nothing stands between', () => resource('x://{a}{b}', {}, () => '')],
    ['mimeType "json" is none; write type/subtype', () => resource('x://a', { mimeType: 'json' }, () => '')],
    ['size is -1; give a number of bytes', () => resource('x://a', { size: -1 }, () => '')],
    ['a template has no size', () => resource('x://{a}', { size: 1 }, () => '')],
    ['name must be a string that is not empty', () => resource('x://a', { name: '' }, () => '')],
    ['timeout is -1', () => resource('x://a', { timeout: -1 }, () => '')],
    ['the icon "ftp://x" is neither', () => resource('x://a', { icons: [{ src: 'ftp://x' }] }, () => '')],
    ['input: must be an object at its root', () => resource('x://{a}', { input: { type: 'string' } }, () => '')],
    // @ts-expect-error b is no variable
    ['complete: "b" is not an argument; there are a', () => resource('x://{a}', { complete: { b: [] } }, () => '')],
    // @ts-expect-error b is no variable
    ['"b" is not a variable of the URI; there are a', () => resource('x://{a}', { input: strange }, () => '')],
    // @ts-expect-error b is no variable
    ['unscreened: "b" is not a variable', () => resource('x://{a}', { unscreened: ['b'] }, () => '')],
    // @ts-expect-error a fixed URI has no variables
    ['need variables; write some into the URI', () => resource('x://a', { complete: { a: [] } }, () => '')],
    // @ts-expect-error a handler is a function
    ['the handler is missing', () => resource('x://a', {})],
    ['cache of resource "x://a": ttlMs must be', () => resource('x://a', { cache: { ttlMs: -1 } }, () => '')],
    // @ts-expect-error there is no such scope
    ['cacheScope must be "public" or "private"', () => resource('x://a', { cache: { cacheScope: 'all' } }, () => '')],
  ]
  it.each(bad)('%s', (words, define) => {
    expect(define).toThrow(DefinitionError)
    expect(define).toThrow(words)
  })
})
