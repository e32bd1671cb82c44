import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Api } from '../routes/api.ts'
import { readApi } from './read-api.ts'

/** What is read of an object comes at once. */
function read(document: object, options: Parameters<typeof readApi>[1] = {}): Api {
  const api = readApi(document, options)
  if (api instanceof Promise) throw new Error('it came later')
  return api
}

const PET = { openapi: '3.1.0', info: { title: 'Pets', version: '2' }, paths: { '/pets': { get: { responses: {} } } } }
const YAML = 'openapi: 3.1.0\ninfo: {title: Pets, version: 2}\npaths:\n  /pets:\n    get: {responses: {}}\n'

describe('where a document is', () => {
  let folder = ''
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'openapi-'))
    await writeFile(join(folder, 'pets.yaml'), YAML)
    await writeFile(join(folder, 'pets.json'), `\ufeff${JSON.stringify(PET)}`)
  })
  afterAll(() => rm(folder, { recursive: true }))

  it('is read from a file of JSON or YAML, by its path or address', async () => {
    const path = join(folder, 'pets.yaml')
    for (const source of [path, join(folder, 'pets.json'), pathToFileURL(path), pathToFileURL(path).href]) {
      const api = await readApi(source)
      expect(api).toMatchObject({ title: 'Pets', version: '2', routes: [{ method: 'GET', path: '/pets' }] })
      expect(api.address?.protocol).toBe('file:')
    }
  })

  it('says what is wrong where there is none', async () => {
    const code = 'OPENAPI_DOCUMENT'
    await expect(readApi(join(folder, 'none.json'))).rejects.toMatchObject({ code, message: /give the path of a file/ })
    await expect(readApi(folder)).rejects.toMatchObject({ code, message: /cannot be read/ })
    await expect(readApi('ftp://example.com/a')).rejects.toMatchObject({ code })
    await expect(readApi(new URL('ftp://example.com/a'))).rejects.toThrow('give an http or https address')
    await expect(readApi(YAML)).rejects.toThrow('was given as text')
    await expect(readApi(join(folder, 'pets.yaml'), { limits: { bytes: 20 } })).rejects.toThrow('larger than 20 bytes')
  })

  it('is downloaded, by way of redirects within its origin', async () => {
    const asked: string[] = []
    const fetch = async (url: string): Promise<Response> => {
      asked.push(url)
      return url.endsWith('/old') ? Response.redirect('https://example.com/new', 302) : new Response(YAML)
    }
    const api = await readApi('https://example.com/old', { fetch })
    expect([api.title, api.address?.href]).toEqual(['Pets', 'https://example.com/old'])
    expect(asked).toEqual(['https://example.com/old', 'https://example.com/new'])
  })

  it('is not downloaded from elsewhere, past its limits, or where there is something else', async () => {
    const give = (response: () => Response) => ({ fetch: async () => response(), limits: { bytes: 1_000 } })
    const from = (response: () => Response) => readApi('https://example.com/a?token=s3cr3t-token', give(response))
    await expect(from(() => Response.redirect('https://evil.example/'))).rejects.toThrow('to another origin')
    await expect(from(() => new Response('x'.repeat(1_001)))).rejects.toThrow('more than 1000 bytes')
    await expect(from(() => new Response('no', { status: 404 }))).rejects.toThrow('404 Not Found')
    await expect(from(() => new Response('<!doctype html>'))).rejects.toThrow('is a web page')
    await expect(from(() => new Response('no', { status: 500 }))).rejects.not.toThrow('s3cr3t')
    await expect(readApi('https://me:pass@example.com/a')).rejects.toThrow('give a `fetch`')
  })

  it('is waited for no longer than the limit', async () => {
    const fetch = (): Promise<Response> => new Promise(() => {})
    await expect(readApi('https://example.com/a', { fetch, limits: { timeout: 5 } })).rejects.toThrow('within 5 ms')
  })
})

describe('what a document is', () => {
  it('is not changed, and is not shared', () => {
    const document = structuredClone({ ...PET, openapi: '3.0.0' })
    const before = JSON.stringify(document)
    read(document)
    expect(JSON.stringify(document)).toBe(before)
  })

  it.each([
    [{}, 'has no "openapi"'],
    [[], 'must be an object'],
    [{ openapi: '3.0.0' }, 'has no "paths"'],
    [{ openapi: '3.1.0', paths: [] }, 'has no "paths"'],
    [{ openapi: '4.0.0', paths: {} }, 'version "4.0.0"'],
    [{ openapi: {}, paths: {} }, 'has no "openapi"'],
  ])('must describe an API: %j', (document, problem) => {
    expect(() => read(document)).toThrow(problem)
  })

  it('may have webhooks only', () => {
    expect(read({ openapi: '3.1.0', webhooks: { a: { post: {} } } })).toMatchObject({ routes: [], skipped: [] })
  })

  it('may have versions that YAML took for numbers', () => {
    expect(read({ openapi: 3, paths: {} }).routes).toEqual([])
    expect(read({ swagger: 2, info: { title: 7, version: 1.5 }, paths: {} })).toMatchObject({
      title: '7',
      version: '1.5',
    })
  })

  it('has no members named __proto__', () => {
    const document = JSON.parse(
      '{"openapi":"3.0.0","paths":{"__proto__":{"x":1}},"x-a":{"__proto__":{"polluted":true}}}',
    )
    expect(read(document).resolve('#/x-a/polluted')).toBeUndefined()
    expect(Object.hasOwn({}, 'polluted')).toBe(false)
  })
})

describe('a document that is too much', () => {
  const nested = (depth: number): unknown =>
    Array.from({ length: depth }).reduce<unknown>((inner) => ({ allOf: [inner] }), {})
  const having = (x: unknown, openapi = '3.0.0') => ({
    openapi,
    paths: { '/a': { get: {} } },
    components: { schemas: { x } },
  })

  it('may nest 100 schemas, and not 10,000', () => {
    expect(read(having(nested(100))).routes).toHaveLength(1)
    expect(() => read(having(nested(10_000)))).toThrow('nests deeper than 512')
  })

  it('is told to be the one before it was dereferenced, where it contains itself', () => {
    const cycle: Record<string, unknown> = { type: 'object' }
    cycle.properties = { self: cycle }
    expect(() => read(having(cycle, '3.1.0'))).toThrow('Give the document as it was before that')
  })

  it('is refused where objects that are used again and again make it large', () => {
    const bomb = Array.from({ length: 40 }).reduce<unknown>((inner) => ({ a: inner, b: inner }), {})
    expect(() => read(having(bomb), { limits: { bytes: 100_000 } })).toThrow('larger than 100000 bytes')
  })

  it('is refused by its size', () => {
    expect(() => read(having(['x'.repeat(17 * 2 ** 20)]))).toThrow('raise `limits.bytes`')
    expect(() => read(PET, { limits: { bytes: Number.NaN } })).toThrow('limits.bytes')
  })

  it('offers as many operations as the limit says, and tells of the others', () => {
    const paths = Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`/${index}a`, { get: {} }]))
    const api = read({ openapi: '3.1.0', paths }, { limits: { operations: 10 } })
    expect(api.routes.map(({ path }) => path)).toEqual(Object.keys(paths).slice(0, 10))
    expect(api.skipped).toHaveLength(20)
    expect(api.skipped[0]).toEqual({
      method: 'GET',
      path: '/10a',
      reason: expect.stringContaining('limits.operations'),
    })
  })

  it('does not multiply work where references lead to the same', () => {
    const parameters = Array.from({ length: 900 }, (_, index) => ({ name: `p${index}`, in: 'query' }))
    const paths = Object.fromEntries(Array.from({ length: 3_000 }, (_, index) => [`/${index}a`, { $ref: '#/x-i' }]))
    const api = read({ openapi: '3.1.0', paths, 'x-i': { parameters, get: {} } })
    const [first, last] = [api.routes[0], api.routes.at(-1)]
    expect(first?.parameters[5]).toBe(last?.parameters[5])
  })
})

it('reads the largest document there is here in little time', () => {
  const document: object = createRequire(import.meta.url)('@octokit/openapi/generated/api.github.com.json')
  const start = process.cpuUsage()
  const api = read(document)
  const { user, system } = process.cpuUsage(start)
  expect([api.routes.length, api.skipped]).toEqual([1_223, []])
  expect((user + system) / 1_000).toBeLessThan(2_500)
})
