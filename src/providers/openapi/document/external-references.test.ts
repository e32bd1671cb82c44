import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Fetch } from '../../../upstream/follow.ts'
import { readApi } from './read-api.ts'

const at = (reference: string) => ({ get: { parameters: [{ $ref: reference }], responses: {} } })
const P = { name: 'p', in: 'query', schema: { type: 'string' } }

describe('documents that refer to others', () => {
  const files: Readonly<Record<string, unknown>> = {
    '/v1/openapi.json': {
      openapi: '3.0.0',
      paths: {
        '/item': { $ref: 'paths/items.json#/item' },
        '/text': at('parts.yaml#/P'),
        '/away': at('https://other.example/x.json'),
        '/inside': at('http://127.0.0.1/x.json'),
        '/file': at('file:///etc/passwd'),
        '/missing': at('missing.json#/P'),
        '/empty': at('parts.yaml#/none'),
        '/odd': at('https://'),
        '/percent': at('parts.yaml#/%'),
      },
      components: { schemas: { Root: { type: 'string' } } },
    },
    '/v1/paths/items.json': {
      item: {
        get: {
          responses: { 200: { description: '', content: { 'application/json': { schema: { $ref: '#/Item' } } } } },
        },
      },
      Item: {
        type: 'object',
        properties: {
          next: { $ref: '#/Item' },
          root: { $ref: '../openapi.json#/components/schemas/Root' },
          n: { type: 'integer', nullable: true },
        },
      },
    },
    '/v1/parts.yaml': { P },
  }
  const asked: string[] = []
  const fetch: Fetch = async (url) => {
    asked.push(url)
    const file = files[new URL(url).pathname]
    return file === undefined ? new Response('', { status: 404 }) : new Response(JSON.stringify(file))
  }
  const source = 'https://example.com/v1/openapi.json'

  it('are skipped where it is not allowed, and nothing is asked for', async () => {
    asked.length = 0
    const api = await readApi(source, { fetch })
    expect(api.routes).toEqual([])
    expect(api.skipped[0]).toEqual({
      method: '*',
      path: '/item',
      reason: expect.stringContaining('externalReferences'),
    })
    expect(asked).toEqual([source])
  })

  it('are read as far as it is allowed, each once, and told of where it is not', async () => {
    asked.length = 0
    const api = await readApi(source, { fetch, externalReferences: ({ hostname }) => hostname !== 'other.example' })
    expect(api.routes.map(({ path }) => path)).toEqual(['/item', '/text'])
    expect(api.routes[1]?.parameters).toMatchObject([P])
    const reasons = Object.fromEntries(api.skipped.map(({ path, reason }) => [path, reason]))
    expect(reasons['/away']).toContain('`externalReferences` does not allow it')
    expect(reasons['/inside']).toContain('not a public one')
    expect(reasons['/file']).toContain('only documents that are files refer to files')
    expect(reasons['/missing']).toContain('404')
    expect(reasons['/empty']).toContain('leads nowhere')
    expect(reasons['/odd']).toContain('leads nowhere')
    expect(asked.toSorted()).toEqual(
      ['openapi.json', 'missing.json', 'parts.yaml', 'paths/items.json']
        .map((name) => `https://example.com/v1/${name}`)
        .toSorted(),
    )
  })

  it('have their references where they are now, upgraded', async () => {
    const api = await readApi(source, { fetch, externalReferences: () => true })
    const reference = api.routes[0]?.responses[0]?.content[0]?.schema
    const item = api.resolve(String(Object(reference).$ref))
    expect(item).toMatchObject({ properties: { n: { type: ['integer', 'null'] } } })
    const { next, root } = Object(item).properties
    expect(api.resolve(next.$ref)).toBe(item)
    expect(api.resolve(root.$ref)).toEqual({ type: 'string' })
  })

  it('give schemas the names of their files', async () => {
    const pet = (path: string): object => ({ content: { 'application/json': { schema: { $ref: path } } } })
    const paths = {
      '/a': { post: { requestBody: pet('pets/pet.json') } },
      '/b': { post: { requestBody: pet('pet.yaml') } },
    }
    const own: Readonly<Record<string, unknown>> = {
      '/v1/openapi.json': { openapi: '3.1.0', paths },
      '/v1/pets/pet.json': { type: 'object', properties: { friend: { $ref: '#' } } },
      '/v1/pet.yaml': { type: 'array', items: { $ref: '#' } },
    }
    const api = await readApi(source, {
      fetch: async (url) => new Response(JSON.stringify(own[new URL(url).pathname])),
      externalReferences: () => true,
    })
    const schemas = api.routes.map(({ body }) => Object(body?.content[0]?.schema).$ref)
    expect(schemas.toSorted()).toEqual(['#/x-documents/pet', '#/x-documents/pet_2'])
  })

  it('may be parsed already, and then refer to nothing by half an address', async () => {
    const api = await readApi(
      { openapi: '3.1.0', paths: { '/a': at('b.json') } },
      { fetch, externalReferences: () => true },
    )
    expect(api.skipped[0]?.reason).toContain('no address that it could be read against')
  })

  it('reject with what the function of the author throws', async () => {
    const externalReferences = (): boolean => {
      throw new Error('my own mistake')
    }
    await expect(readApi(source, { fetch, externalReferences })).rejects.toThrow('my own mistake')
  })

  it('refer to at most 100 others', async () => {
    const many: Fetch = async (url) =>
      new Response(
        JSON.stringify(
          url === source
            ? {
                openapi: '3.1.0',
                paths: Object.fromEntries(
                  Array.from({ length: 105 }, (_, index) => [`/${index}a`, at(`${index}.json`)]),
                ),
              }
            : P,
        ),
      )
    const api = await readApi(source, { fetch: many, externalReferences: () => true })
    expect([api.routes.length, api.skipped.length]).toEqual([100, 5])
    expect(api.skipped[0]?.reason).toContain('more than 100 documents')
  })
})

describe('files that refer to others', () => {
  let folder = ''
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'openapi-'))
    await mkdir(join(folder, 'api'))
    const paths = { '/in': at('p.json'), '/out': at('../p.json'), '/link': at('link.json'), '/none': at('none.json') }
    await writeFile(join(folder, 'api', 'openapi.json'), JSON.stringify({ openapi: '3.1.0', paths }))
    await writeFile(join(folder, 'api', 'p.json'), JSON.stringify(P))
    await writeFile(join(folder, 'p.json'), JSON.stringify(P))
    await symlink(join(folder, 'p.json'), join(folder, 'api', 'link.json'))
  })
  afterAll(() => rm(folder, { recursive: true }))

  it('find them below their own folder only', async () => {
    const api = await readApi(join(folder, 'api', 'openapi.json'), { externalReferences: () => true })
    expect(api.routes.map(({ path }) => path)).toEqual(['/in'])
    expect(api.skipped.map(({ path, reason }) => [path, reason.includes('not below the folder')])).toEqual([
      ['/out', true],
      ['/link', true],
      ['/none', false],
    ])
  })
})
