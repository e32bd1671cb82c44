import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi'
import { Hono } from 'hono'
import { describe, expect, it } from 'vitest'
import type { App } from './app.ts'
import { isApp } from './app.ts'
import { type AppOptions, readApp } from './read-app.ts'

const petDocument = { openapi: '3.1.0', info: { title: 'Pets', version: '1' }, paths: {} }

/** What a document says of its operations. */
interface Operations {
  readonly openapi: string
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
}

interface Operation {
  readonly parameters?: readonly { readonly name: string; readonly schema: object }[]
  readonly requestBody?: object
}

async function documentOf(app: App, options?: AppOptions): Promise<Operations> {
  const { document } = await readApp(app, options)
  return document as Operations
}

async function operationsOf(app: App): Promise<readonly string[]> {
  const { paths } = await documentOf(app)
  return Object.entries(paths).flatMap(([path, verbs]) => Object.keys(verbs).map((verb) => `${verb} ${path}`))
}

describe('what is an app', () => {
  it.each([
    ['a Hono app', new Hono(), true],
    ['what a Worker exports', { fetch: () => new Response() }, true],
    ['a function with fetch', Object.assign(() => undefined, { fetch: () => new Response() }), true],
    ['a document', petDocument, false],
    ['a document with a member fetch', { ...petDocument, fetch: {} }, false],
    ['an address', new URL('https://example.com'), false],
    ['a text', 'https://example.com', false],
    ['null', null, false],
  ])('%s', (_, source, expected) => {
    expect(isApp(source)).toBe(expected)
  })
})

describe('the document of an app', () => {
  it('is the one that is given, at once', () => {
    expect(readApp(new Hono(), { document: petDocument })).toMatchObject({
      document: petDocument,
      baseUrl: 'http://localhost/',
    })
  })

  it('is what the app serves where it is said to, JSON or YAML', async () => {
    const app = new Hono().get('/spec/:name', (c) =>
      c.req.param('name') === 'a.json' ? c.json(petDocument) : c.text('openapi: 3.1.0\npaths: {}\n'),
    )
    expect(await documentOf(app, { document: '/spec/a.json' })).toEqual(petDocument)
    expect(await documentOf(app, { document: 'spec/b.yaml' })).toEqual({ openapi: '3.1.0', paths: {} })
  })

  it.each(['/openapi.json', '/openapi', '/doc', '/swagger.json'])('is looked for at %s', async (place) => {
    const worker = {
      fetch: ({ url }: Request) => {
        if (new URL(url).pathname === place) return Response.json(petDocument)
        return place === '/doc' ? new Response('<html></html>') : new Response('no', { status: 404 })
      },
    }
    expect(await documentOf(worker)).toEqual(petDocument)
  })

  it('is asked of a Hono app only where there is a route for it', async () => {
    const seen: string[] = []
    const app = new Hono()
    app.use(async (c, next) => {
      seen.push(c.req.path)
      await next()
    })
    app.get('/doc', (c) => c.json(petDocument))
    expect(await documentOf(app)).toEqual(petDocument)
    expect(seen).toEqual(['/doc'])
  })

  it.each([
    ['another origin', { document: 'https://example.com/openapi.json' }, /no path of the app/],
    ['nothing there', { document: '/none' }, /404/],
    ['no document there', { document: '/hello' }, /not what the app serves/],
    ['a web page there', { document: '/page' }, /web page/],
    ['too much there', { document: '/big', limits: { bytes: 1_000 } }, /1000 bytes/],
    ['an address that is none', { baseUrl: 'ftp://example.com' }, /baseUrl/],
  ])('is refused in words: %s', async (_, options, words) => {
    const app = new Hono()
    app.get('/hello', (c) => c.json({ hello: 'you' }))
    app.get('/page', (c) => c.html('<p>hi</p>'))
    app.get('/big', (c) => c.json({ ...petDocument, filling: 'x'.repeat(2_000) }))
    const read = Promise.resolve().then(() => readApp(app, options))
    await expect(read).rejects.toThrow(words)
  })

  it('is asked for where an app shows nothing', async () => {
    const read = readApp({ fetch: () => new Response('no', { status: 404 }) })
    await expect(read).rejects.toMatchObject({
      code: 'OPENAPI_DOCUMENT',
      message: expect.stringContaining('/openapi.json'),
    })
  })
})

describe('an app of @hono/zod-openapi', () => {
  const getPet = createRoute({
    method: 'get',
    path: '/pets/{id}',
    request: { params: z.object({ id: z.string() }) },
    responses: {
      200: { description: 'A pet', content: { 'application/json': { schema: z.object({ name: z.string() }) } } },
    },
  })

  it('says what it has, without what it hides and what it does not describe', async () => {
    const app = new OpenAPIHono()
    const inner = new OpenAPIHono()
    inner.openapi(getPet, (c) => c.json({ name: c.req.valid('param').id }))
    inner.openapi({ ...getPet, path: '/secret', hide: true }, (c) => c.json({ name: '' }))
    inner.get('/plain', (c) => c.text(''))
    app.route('/v1', inner)
    expect(await operationsOf(app)).toEqual(['get /v1/pets/{id}'])
    expect((await documentOf(app)).openapi).toBe('3.1.0')
  })

  it('that describes nothing is read as any other', async () => {
    expect(await operationsOf(new OpenAPIHono().get('/plain', (c) => c.text('')))).toEqual(['get /plain'])
  })

  it('that cannot describe itself says why', async () => {
    const app = Object.assign(new Hono(), {
      getOpenAPIDocument: () => {
        throw new Error('Unknown zod object type')
      },
    })
    const read = Promise.resolve().then(() => readApp(app))
    await expect(read).rejects.toThrow(/could not be made by the app: Unknown zod object type/)
  })
})

describe('the routes of a plain app', () => {
  it('are operations: handlers, not middleware', async () => {
    const app = new Hono()
    app.use((_, next) => next())
    app.use('/pets/*', (_, next) => next())
    app.get('/cached/*', (_, next) => next())
    app.all('/mcp', (c) => c.text(''))
    app.options('/pets', (c) => c.text(''))
    app.get(
      '/pets/:id{[0-9]+}',
      (_, next) => next(),
      (c) => c.text(''),
    )
    app.post('/pets', (c) => c.text(''))
    app.get('/posts/:year/:slug?', (c) => c.text(''))
    app.get('/files/*', (c) => c.text(''))
    app.get('/notes/:path{.+/[a-z]{2}}', (c) => c.text(''))
    app.get('/', (c) => c.text(''))
    const inner = new Hono()
    inner.onError((_, c) => c.text('', 500))
    inner.delete('/:id', (c) => c.text(''))
    inner.use((_, next) => next())
    app.route('/inner', inner)
    expect(await operationsOf(app)).toEqual([
      'get /pets/{id}',
      'post /pets',
      'get /posts/{year}',
      'get /posts/{year}/{slug}',
      'get /files/{wildcard}',
      'get /notes/{path}',
      'get /',
      'delete /inner/{id}',
    ])
    const { paths } = await documentOf(app)
    expect(paths['/pets/{id}']?.get?.parameters?.[0]).toEqual({
      name: 'id',
      in: 'path',
      required: true,
      schema: { type: 'string', pattern: '^(?:[0-9]+)$' },
    })
    expect(paths['/pets/{id}']?.get?.requestBody).toBeUndefined()
    expect(paths['/pets']?.post?.requestBody).toBeDefined()
    expect(paths['/notes/{path}']?.get?.parameters?.[0]?.schema).toMatchObject({ pattern: '^(?:.+\\/[a-z]{2})$' })
  })

  it('are told at once', () => {
    expect(readApp(new Hono().get('/a', (c) => c.text('')))).not.toBeInstanceOf(Promise)
  })

  it.each([
    ['no list', 7],
    ['what is no route', [{ method: 'GET', path: '/a', handler: () => 1 }, 'x']],
  ])('must be a list of routes: %s', async (_, routes) => {
    const read = Promise.resolve().then(() =>
      readApp({ fetch: () => new Response('', { status: 404 }), ...{ routes } }),
    )
    await expect(read).rejects.toThrow(/give it as `document`/)
  })
})
