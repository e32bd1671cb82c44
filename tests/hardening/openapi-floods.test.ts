import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type FromOpenApiOptions, fromOpenAPI, type OpenApiReport, openapi } from '@fastmcp/ts/openapi'
import { describeEras } from '@fastmcp/ts/testing/vitest'
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { closed, sendJson, startApi } from '../kit/local-api.ts'
import { computedMs } from '../kit/processor.ts'

afterEach(() => {
  vi.restoreAllMocks()
})

const MOST_MS = 3_000
const ignore = (): void => undefined
const quiet: FromOpenApiOptions = {
  baseUrl: 'https://api.example.com',
  retry: false,
  onReport: ignore,
  onError: ignore,
}

const documentOf = (paths: object, more: object = {}): object => ({
  openapi: '3.1.0',
  info: { title: 'T', version: '1' },
  paths,
  ...more,
})
const many = <T>(count: number, make: (index: number) => T): readonly T[] =>
  Array.from({ length: count }, (_, n) => make(n))
const membersOf = (count: number, make: (index: number) => unknown): object =>
  Object.fromEntries(many(count, (n) => [`m${n}`, make(n)]))
const operations = (count: number, make: (index: number) => object): object =>
  Object.fromEntries(many(count, (n) => [`/p${n}`, { post: { operationId: `op${n}`, ...make(n) } }]))
const bodyOf = (schema: object): object => ({
  requestBody: { required: true, content: { 'application/json': { schema } } },
})
const answering = (schema: object): object => ({
  responses: { 200: { description: 'x', content: { 'application/json': { schema } } } },
})
const ref = (name: string): object => ({ $ref: `#/components/schemas/${name}` })

/** What came of a document within the time that it may take: that of the processor, which others may use as well. */
async function soon(document: object, options: FromOpenApiOptions = {}): Promise<OpenApiReport> {
  const began = computedMs()
  const report = await openapi(document, { ...quiet, ...options }).report()
  expect(computedMs() - began).toBeLessThan(MOST_MS)
  return report
}

/** Texts in a folder of their own, by the names of their files. */
async function files(texts: Readonly<Record<string, string>>): Promise<(name: string) => string> {
  const folder = await mkdtemp(join(tmpdir(), 'openapi-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  for (const [name, text] of Object.entries(texts)) await writeFile(join(folder, name), text)
  return (name) => join(folder, name)
}

describe('OA-05: what a document refers to elsewhere', () => {
  it('is not asked for, by http or as a file, and costs only what needs it', async () => {
    await using elsewhere = await startApi(() => ({}))
    const fetch = vi.spyOn(globalThis, 'fetch')
    const own = vi.fn(async () => Response.json({}))
    const targets = [
      `${elsewhere.url}/x.json#/a`,
      'file:///etc/passwd',
      '/etc/passwd',
      '../x.yaml',
      `//${new URL(elsewhere.url).host}/`,
    ]
    const paths = Object.fromEntries(
      targets.flatMap(($ref, n) => [
        [`/item${n}`, { $ref }],
        [`/parameter${n}`, { get: { parameters: [{ $ref }] } }],
        [`/schema${n}`, { post: { ...bodyOf({ $ref, $schema: $ref, $id: $ref }), ...answering({ $ref }) } }],
      ]),
    )
    const document = documentOf(paths, {
      $self: targets[0],
      externalDocs: { url: targets[0] },
      components: { schemas: { $ref: targets[0] } },
    })
    const path = await files({ 'openapi.json': JSON.stringify(document) })
    for (const source of [document, path('openapi.json')]) {
      const { taken, skipped } = await openapi(source, { ...quiet, fetch: own }).report()
      expect([taken.length, skipped.length]).toEqual([targets.length, 2 * targets.length])
      for (const { reason } of skipped) expect(reason).toMatch(/leads (?:nowhere|to another document|back to itself)/)
    }
    expect([elsewhere.asked.length, fetch.mock.calls.length, own.mock.calls.length]).toEqual([0, 0, 0])
  })
})

describe('OA-05: a document that is too much', () => {
  it('as text: aliases of YAML, 50 MB, depth', async () => {
    const laughs = many(
      10,
      (n) => `  l${n}: &l${n} [${many(10, () => (n === 0 ? 'x' : `*l${n - 1}`)).join(', ')}]`,
    ).join('\n')
    const head = 'openapi: 3.1.0\ninfo: {title: T, version: "1"}\npaths: {}\n'
    const path = await files({
      'laughs.yaml': `${head}x-l:\n${laughs}\n`,
      'same.yaml': `${head}x-a: &a [1]\nx-b: [${many(200, () => '*a').join(', ')}]\n`,
      'large.json': `{"openapi": "3.1.0", "x": "${'x'.repeat(50_000_000)}"}`,
      'deep.yaml': `${head}x: ${'['.repeat(100_000)}`,
      'deep.json': `{"openapi":"3.1.0","paths":{},"x":${'['.repeat(100_000)}${']'.repeat(100_000)}}`,
    })
    const began = computedMs()
    for (const [name, reason] of Object.entries({
      'laughs.yaml': /more than 100 times|larger than|more values/,
      'same.yaml': /more than 100 times/,
      'large.json': /larger than 16777216 bytes/,
      'deep.yaml': /deeper than 512/,
      'deep.json': /deeper than 512/,
    })) {
      await expect(openapi(path(name), quiet).report()).rejects.toThrow(reason)
    }
    let pulled = 0
    const pull = (to: ReadableStreamDefaultController): void => {
      pulled += 65_536
      to.enqueue(new Uint8Array(65_536))
    }
    const body = (): ReadableStream => new ReadableStream({ pull })
    const fetch = async (): Promise<Response> =>
      new Response(body(), { headers: { 'content-type': 'application/yaml' } })
    await expect(openapi('https://api.example.com/openapi.yaml', { ...quiet, fetch }).report()).rejects.toThrow(
      'more than 16777216 bytes',
    )
    expect(pulled).toBeLessThan(18 * 1024 * 1024)
    expect(computedMs() - began).toBeLessThan(MOST_MS)
  })

  it('in depth and width: allOf 100 deep, oneOf 2^20, 10,000 operations', async () => {
    const deep = many(100, (n) => n).reduce<object>(
      (inner, n) => ({ allOf: [inner, { type: 'object', properties: { [`a${n}`]: { type: 'string' } } }] }),
      { type: 'object' },
    )
    const doubling = Object.fromEntries(
      many(21, (n) => [`D${n}`, n === 0 ? { type: 'object' } : { oneOf: [ref(`D${n - 1}`), ref(`D${n - 1}`)] }]),
    )
    const { taken } = await soon(
      documentOf(
        { ...operations(1, () => bodyOf(deep)), '/b': { post: { ...bodyOf(ref('D20')), ...answering(ref('D20')) } } },
        { components: { schemas: doubling } },
      ),
    )
    expect(taken).toHaveLength(2)
    const wide = await soon(documentOf(operations(10_000, () => ({}))))
    expect([wide.taken.length, wide.skipped.length]).toEqual([2_000, 8_000])
    expect(wide.skipped[0]?.reason).toContain('limits.operations')
  })

  const circle = Object.fromEntries(
    many(100, (n) => [
      `A${n}`,
      {
        allOf: many(100, (m) => ref(`A${(n + m + 1) % 100}`)),
        properties: membersOf(20, (m) => ref(`A${(n * 7 + m) % 100}`)),
      },
    ]),
  )
  const shared = (item: object): object =>
    documentOf(Object.fromEntries(many(2_000, (n) => [`/p${n}`, { $ref: '#/components/pathItems/P' }])), {
      components: { pathItems: { P: item } },
    })

  it.each<[string, () => object]>([
    [
      'answers',
      () =>
        documentOf(
          operations(2_000, (n) => answering({ allOf: [{ title: `${n}` }, ref('A0')] })),
          { components: { schemas: circle } },
        ),
    ],
    [
      'proofs',
      () =>
        documentOf(
          operations(2_000, () => ({})),
          { security: many(50_000, (n) => ({ [`s${n}`]: [] })) },
        ),
    ],
    [
      'responses',
      () =>
        shared({
          get: { responses: Object.fromEntries(many(400, (n) => [200 + n, { description: 'w '.repeat(500) }])) },
        }),
    ],
    [
      'parameters',
      () =>
        shared({
          get: {
            parameters: many(900, (n) => ({
              name: `q${n}`,
              in: 'query',
              required: true,
              schema: { pattern: `^${n}+$`, default: `${n}` },
            })),
          },
        }),
    ],
    [
      'bodies',
      () =>
        documentOf(
          operations(2_000, () => bodyOf(ref('Big'))),
          {
            components: {
              schemas: { Big: { properties: membersOf(200, () => ({ description: 'word '.repeat(60) })) } },
            },
          },
        ),
    ],
  ])('by what all of its operations refer to: %s', async (_what, make) => {
    const { taken, skipped } = await soon(make())
    expect(taken.length).toBeGreaterThan(50)
    expect(taken.length + skipped.length).toBe(2_000)
  })

  it('by the addresses of its servers', async () => {
    const paths = operations(200, () => ({}))
    const { baseUrl: _, ...options } = quiet
    for (const servers of [
      [{ url: `https://api.example.com/${'x'.repeat(4_000_000)}` }],
      [{ url: `https://api.example.com/${'{v}'.repeat(500)}`, variables: { v: { default: 'x'.repeat(100_000) } } }],
    ]) {
      const began = computedMs()
      const { skipped } = await openapi(documentOf(paths, { servers }), options).report()
      expect(computedMs() - began).toBeLessThan(MOST_MS)
      expect(skipped[0]?.reason).toContain('longer than 2000 characters')
    }
  })
})

interface Failure extends Error {
  readonly code?: unknown
  readonly details?: unknown
}

describeEras(
  'an API that answers with anything',
  (open) => {
    it('OA-08: whatever an API answers is a result or an error that can be read, soon', async () => {
      const html = { 'content-type': 'text/html' }
      const json = { 'content-type': 'application/json' }
      await using api = await startApi(({ url }, response) => {
        const flood = (_: unknown): void => {
          if (!response.destroyed) response.write('x'.repeat(1_000_000), flood)
        }
        const answers: Record<string, () => unknown> = {
          '/flood': () => flood(response.writeHead(200, json)),
          '/html': () => response.writeHead(200, html).end('<html><script>alert(1)</script></html>'),
          '/broken': () => response.writeHead(200, json).end('{"a": 1'),
          '/other': () => response.writeHead(200, { 'content-type': 'text/plain' }).end('plain'),
          '/nothing': () => response.writeHead(204).end(),
          '/stall': () => response.writeHead(200, json).write('{"a":'),
          '/busy': () => response.writeHead(429, { 'retry-after': '7' }).end('Slow down'),
          '/down': () => sendJson(response, 503, { message: `stack at db.internal ${'x'.repeat(5_000)}` }),
          '/long': () => sendJson(response, 400, { message: `Wrong. ${'é '.repeat(5_000)}` }),
        }
        answers[url]?.()
      })
      const names = ['flood', 'html', 'broken', 'other', 'nothing', 'stall', 'busy', 'down', 'long']
      const schema = { type: 'object', properties: { a: { type: 'integer' } }, required: ['a'] }
      const paths = Object.fromEntries(
        names.map((name) => [`/${name}`, { get: { operationId: name, ...answering(schema) } }]),
      )
      const habits: FromOpenApiOptions['habits'] = ({ operationId }) =>
        operationId === 'stall' ? { timeout: 100 } : undefined
      const client = await open(fromOpenAPI(documentOf(paths), { ...quiet, baseUrl: api.url, habits }))
      const told = new Map<string, string>()
      for (const name of names) {
        const call = client.callTool(name).then(
          ({ text }) => `ok: ${text}`,
          ({ code, message, details }: Failure) => `${code}: ${message} ${JSON.stringify(details)}`,
        )
        told.set(name, await call)
      }
      expect(Object.fromEntries(told)).toEqual({
        flood: expect.stringMatching(/^API_ERROR: .*more than 10485760 bytes/),
        html: expect.stringMatching(/^API_ERROR: .*web page instead of JSON/),
        broken: expect.stringMatching(/^API_ERROR: .*no JSON/),
        other: 'ok: plain',
        nothing: 'ok: 204 No Content',
        stall: expect.stringMatching(/^API_ERROR: .*100 ms/),
        busy: expect.stringMatching(/^RATE_LIMITED: .*429.*7 s/),
        down: expect.stringMatching(/^API_ERROR: .*503/),
        long: expect.stringMatching(/^VALIDATION_ERROR: .*Wrong\./),
      })
      expect(told.get('down')).not.toContain('internal')
      expect(new TextEncoder().encode(told.get('long')).length).toBeLessThan(2_048 + 300)
      await Promise.all([closed(api.asked[0]), closed(api.asked[5])])
    })
  },
  { transports: ['memory'] },
)
