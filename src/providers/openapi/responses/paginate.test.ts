import { describe, expect, it } from 'vitest'
import { answered, answering, jsonOf, type RouteSetup } from '../../../../tests/kit/answered-route.ts'

const Item = { type: 'object', properties: { id: { type: 'integer' } } }
const parameters = ['page', 'cursor'].map((name) => ({ name, in: 'query', schema: { type: 'string' } }))
const list = { 200: jsonOf({ type: 'array', items: Item }) }
const object = {
  200: jsonOf({
    type: 'object',
    properties: { data: { properties: { items: { type: 'array', items: Item } } }, next: {} },
  }),
}

function linked(id: number, next?: string): () => Response {
  return () => Response.json([{ id }], { headers: next === undefined ? {} : { link: `<${next}>; rel="next"` } })
}

function pages(answers: readonly (() => Response)[], setup: Partial<RouteSetup> = {}) {
  const { fetch, asked } = answering(...answers)
  return answered({
    responses: list,
    parameters,
    options: { paginate: { by: 'link' } },
    ...setup,
    upstream: { fetch, ...setup.upstream },
  }).then((route) => ({ ...route, asked }))
}

const text = (words: string): object => ({ type: 'text', text: words })

describe('pages by Link', () => {
  it('are one list', async () => {
    const { reader, result, asked, contents } = await pages([
      linked(1, '/things?page=2'),
      linked(2, 'https://api.example/things?page=3'),
      linked(3),
    ])
    expect(reader.outputSchema).toEqual({ items: { properties: { id: { description: 'integer' } } } })
    expect(await result()).toEqual(
      expect.objectContaining({
        content: [text('[{"id":1},{"id":2},{"id":3}]')],
        structuredContent: [{ id: 1 }, { id: 2 }, { id: 3 }],
      }),
    )
    expect(asked.map((url) => new URL(url).search)).toEqual(['', '?page=2', '?page=3'])
    expect(await contents('resource://things')).toMatchObject({ contents: [{ text: '[{"id":3}]' }] })
  })

  it('are as many as wanted, and how to get more is told, but no key that an API puts into its links', async () => {
    const { result, asked } = await pages([linked(1, '/things?page=9&api_key=canary')], {
      options: { paginate: { by: 'link', maxPages: 1 } },
    })
    expect(await result()).toMatchObject({
      content: [text('[{"id":1}]'), text('1 item of the first page; there are more: ask with page=9')],
    })
    expect(asked).toHaveLength(1)
  })

  it.each([
    'https://evil.example/things?page=2',
    'http://api.example/things?page=2',
    'https://api.example:444/things',
    'https://user:pw@api.example/v1/things',
    '//evil.example/v1/x',
    '/v2/things',
    '/v1/../v2/things',
    '/v1/%2e%2e/v2',
    '/v1/..%2fv2',
    '/v1x/things',
    'file:///etc/passwd',
    'http://[',
  ])('that lead elsewhere are not asked for: %s', async (next) => {
    const { result, asked } = await pages([linked(1, next)], { upstream: { baseUrl: 'https://api.example/v1' } })
    expect(await result()).toMatchObject({
      content: [text('[{"id":1}]'), text('1 item of the first page; the next page leads to where it is not asked for')],
    })
    expect(asked).toHaveLength(1)
  })

  it('that lead in a circle end', async () => {
    const { result, asked } = await pages([linked(1, '/things?page=2'), linked(2, '/things')])
    expect((await result()).content[1]).toEqual(
      text('2 items of the first 2 pages; the next page leads back to one before it'),
    )
    expect(asked).toHaveLength(2)
  })

  it.each([
    [
      () => Response.json({}, { status: 429 }),
      'the next could not be read: Things answered GET /things with 429 Too Many Requests',
    ],
    [() => Response.json('x'), 'the next held no list'],
  ])('of which one fails are what came before it', async (second, words) => {
    const { result } = await pages([linked(1, '/things?page=2'), second])
    expect(await result()).toMatchObject({
      content: [text('[{"id":1}]'), text(`1 item of the first page; ${words}`)],
      structuredContent: [{ id: 1 }],
    })
  })

  it('are no more than a result can hold', async () => {
    const big = (next: string) => () =>
      Response.json(['x'.repeat(5_000_000)], { headers: { link: `<${next}>; rel=next` } })
    const { result } = await pages([big('/things?page=2'), big('/things?page=3')])
    const { content } = await result()
    expect(content[1]).toEqual(
      text('1 item of the first page; there are more, but no more go into one result: ask with page=2'),
    )
  })

  it('a first page that is refused is an error, and one without a list stays what it is', async () => {
    const refused = await pages([() => new Response(null, { status: 404 })])
    await expect(refused.result()).rejects.toMatchObject({ code: 'NOT_FOUND' })
    const other = await pages([() => Response.json({ a: 1 })])
    expect(await other.result()).toMatchObject({ content: [text('{"a":1}')], structuredContent: { a: 1 } })
  })

  it('of an object with one list are that list', async () => {
    const page = (next?: string) => () =>
      Response.json({ total: 2, items: [1] }, { headers: next === undefined ? {} : { link: `<${next}>; rel=next` } })
    const { result } = await pages([page('?page=2'), page()])
    expect((await result()).structuredContent).toEqual([1, 1])
  })
})

describe('pages by cursor', () => {
  const paginate = { by: 'cursor', parameter: 'cursor', next: 'next', items: 'data.items' } as const
  const page = (id: number, next?: unknown) => () => Response.json({ data: { items: [{ id, secret: 1 }] }, next })
  const byCursor = (answers: readonly (() => Response)[], more: object = {}) =>
    pages(answers, { responses: object, options: { paginate, ...more } })

  it('are one list, of which a part may be kept', async () => {
    const { reader, result, asked } = await byCursor(
      [page(1, 'abc'), page(2, 7), page(3, 'https://api.example/things?cursor=d%20e'), page(4, null)],
      { pick: ['data.items.*.id'] },
    )
    expect(reader.outputSchema).toEqual({ items: { properties: { id: { description: 'integer' } } } })
    expect((await result()).structuredContent).toEqual([{ id: 1 }, { id: 2 }, { id: 3 }, { id: 4 }])
    expect(asked.map((url) => new URL(url).searchParams.get('cursor'))).toEqual([null, 'abc', '7', 'd e'])
  })

  it.each(['', ' ', null, undefined, false, {}])('end at %j', async (next) => {
    const { result, asked } = await byCursor([page(1, next)])
    expect((await result()).content).toHaveLength(1)
    expect(asked).toHaveLength(1)
  })

  it('tell the cursor of what is left', async () => {
    const { result } = await byCursor([page(1, 'abc')], { paginate: { ...paginate, maxPages: 1 } })
    expect((await result()).content[1]).toEqual(text('1 item of the first page; there are more: ask with cursor=abc'))
  })
})

describe('options that cannot be', () => {
  it.each([
    [{ by: 'link', maxPages: 0 }, 'paginate.maxPages is 0'],
    [{ by: 'link', maxPages: 101 }, 'paginate.maxPages is 101'],
    [{ by: 'page' }, 'by must be'],
    [{ by: 'cursor', parameter: 'other', next: 'a', items: 'b' }, 'no parameter "other"'],
    [{ by: 'cursor', parameter: 'page', next: '', items: 'b' }, 'paginate.next'],
    [{ by: 'cursor', parameter: 'page', next: 'a' }, 'paginate.items'],
  ])('%j', async (paginate, words) => {
    await expect(pages([], { options: { paginate: paginate as never } })).rejects.toThrow(words)
  })

  it('a Link is not followed by what may change something', async () => {
    await expect(pages([], { method: 'post' })).rejects.toThrow('by "link" is for GET')
  })
})
