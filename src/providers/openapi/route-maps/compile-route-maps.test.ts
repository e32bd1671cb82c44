import { describe, expect, it } from 'vitest'
import type { RouteMap, RouteType } from '../options.ts'
import type { Route, RouteMethod } from '../routes/route.ts'
import { compileRouteMaps } from './compile-route-maps.ts'

function route(line: string, tags: readonly string[] = []): Route {
  const [method = 'GET', path = '/'] = line.split(' ')
  return {
    method: method as RouteMethod, // of a test
    path,
    tags,
    deprecated: false,
    parameters: [],
    responses: [],
    servers: [],
    security: [],
    extensions: {},
  }
}

const typeBy =
  (...routeMaps: RouteMap[]) =>
  (line: string, tags?: readonly string[]): RouteType =>
    compileRouteMaps({ routeMaps })(route(line, tags)).type

describe('route maps', () => {
  it('make a tool of what no rule speaks of', () => {
    expect(typeBy()('DELETE /users/{id}')).toBe('tool')
  })

  it('are asked in order: the first rule that fits decides', () => {
    const type = typeBy({ methods: ['GET'], type: 'resource' }, { pattern: '/admin', type: 'exclude' })
    expect(type('GET /admin/users')).toBe('resource')
    expect(type('POST /admin/users')).toBe('exclude')
    expect(type('POST /users')).toBe('tool')
  })

  it('search for the pattern in the path, so that only ^ and $ tie it down', () => {
    expect(typeBy({ pattern: 'internal', type: 'exclude' })('GET /v1/internal/x')).toBe('exclude')
    expect(typeBy({ pattern: '^/internal/.*', type: 'exclude' })('GET /v1/internal/x')).toBe('tool')
    expect(typeBy({ pattern: /INTERNAL/i, type: 'exclude' })('GET /v1/internal/x')).toBe('exclude')
  })

  it('keep no place in an expression from one operation to the next', () => {
    const type = typeBy({ pattern: /users/g, type: 'exclude' })
    expect(['GET /users', 'GET /users', 'GET /users'].map((line) => type(line))).toEqual([
      'exclude',
      'exclude',
      'exclude',
    ])
  })

  it('want all of their tags, and know methods in any case', () => {
    const type = typeBy({ methods: ['get', 'POST'], tags: ['public', 'v2'], type: 'resource' })
    expect(type('GET /a', ['v2', 'x', 'public'])).toBe('resource')
    expect(type('POST /a', ['v2', 'public'])).toBe('resource')
    expect(type('GET /a', ['v2'])).toBe('tool')
    expect(type('PUT /a', ['v2', 'public'])).toBe('tool')
    expect(typeBy({ methods: '*', type: 'exclude' })('PUT /a')).toBe('exclude')
    expect(typeBy({ methods: [], type: 'exclude' })('PUT /a')).toBe('tool')
  })

  it('give the tags of the operation, of the rule and of all, each once', () => {
    const decide = compileRouteMaps({
      routeMaps: [{ methods: ['GET'], type: 'tool', mcpTags: ['reads', 'shop'] }],
      tags: ['shop', 'v1'],
    })
    expect(decide(route('GET /a', ['items', 'v1'])).tags).toEqual(['items', 'v1', 'reads', 'shop'])
    expect(decide(route('PUT /a')).tags).toEqual(['shop', 'v1'])
  })
})

describe('routeMapFn', () => {
  it('has the last word, on what is excluded too; undefined leaves it as it is', () => {
    const asked: [string, RouteType][] = []
    const decide = compileRouteMaps({
      routeMaps: [{ pattern: '^/admin', type: 'exclude', mcpTags: ['kept'] }],
      routeMapFn: ({ path }, type) => {
        asked.push([path, type])
        return path === '/admin/health' ? 'resource' : undefined
      },
    })
    expect(decide(route('GET /admin/health'))).toEqual({ type: 'resource', tags: ['kept'] })
    expect(decide(route('GET /admin/users')).type).toBe('exclude')
    expect(decide(route('GET /users')).type).toBe('tool')
    expect(asked.map(([, type]) => type)).toEqual(['exclude', 'exclude', 'tool'])
  })

  it('is named with the operation where it fails', () => {
    const failing = compileRouteMaps({
      routeMapFn: () => {
        throw new Error('no such thing')
      },
    })
    expect(() => failing(route('GET /users/{id}'))).toThrow(
      'openapi: routeMapFn for GET /users/{id} failed: no such thing',
    )
    const strange = compileRouteMaps({ routeMapFn: () => 'Tool' as RouteType })
    expect(() => strange(route('GET /a'))).toThrow('gave no type')
  })
})

describe('a rule that cannot be', () => {
  it.each<[string, unknown]>([
    ['routeMaps must be a list', {}],
    ['routeMaps[0] must be a rule', [null]],
    ['routeMaps[0].type must be', [{ pattern: 'x' }]],
    ['routeMaps[0].type must be', [{ type: 'TOOL' }]],
    ['routeMaps[1].methods "FETCH" is no method', [{ type: 'tool' }, { type: 'tool', methods: ['fetch'] }]],
    ['routeMaps[0].methods must be a list', [{ type: 'tool', methods: 'GET' }]],
    ['routeMaps[0].pattern is no regular expression', [{ type: 'tool', pattern: '(' }]],
    ['routeMaps[0].pattern must be', [{ type: 'tool', pattern: 1 }]],
    ['routeMaps[0].mcpTags must be a list of texts', [{ type: 'tool', mcpTags: 'a' }]],
  ])('is named at once: %s', (words, routeMaps) => {
    const compile = () => compileRouteMaps({ routeMaps: routeMaps as RouteMap[] })
    expect(compile).toThrow(expect.objectContaining({ code: 'SETTING', message: expect.stringContaining(words) }))
  })
})
