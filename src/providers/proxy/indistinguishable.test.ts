import { createTestClient } from '@fastmcp/ts/testing'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { Client, Members } from '../../client/index.ts'
import { audio, FastMCP, file, image, link, McpError, ToolError, text, toolResult, user } from '../../index.ts'
import { proxy } from './index.ts'

type Era = 'stateless' | 'stateful'
const ERAS: readonly Era[] = ['stateless', 'stateful']

const PIXEL = new Uint8Array([137, 80, 78, 71, 13, 10, 26, 10, 0, 0, 0, 0])
const name = fc.stringMatching(/^[a-z][a-z0-9_]{0,11}$/)
const words = fc.string({ maxLength: 30, unit: 'grapheme' })
const json = fc.jsonValue({ maxDepth: 2 })
const meta = fc.dictionary(fc.stringMatching(/^[a-z]{1,8}\.com\/[a-z]{1,6}$/), json, { minKeys: 1, maxKeys: 2 })
const icon = fc.record(
  {
    src: fc.constant('https://example.com/icon.png'),
    mimeType: fc.constant('image/png'),
    sizes: fc.constant(['48x48']),
  },
  { requiredKeys: ['src'] },
)
const shown = {
  title: words,
  description: words,
  icons: fc.array(icon, { maxLength: 2 }),
  meta,
}

const block = fc.oneof(
  words.map((each) => text(each)),
  fc.constant(image(PIXEL)),
  fc.constant(audio(PIXEL, { mimeType: 'audio/wav' })),
  words.map((each) => file('test://file', { text: each, mimeType: 'text/plain' })),
  words.map((each) => link('test://linked', { name: 'linked', description: each })),
)

/** What a tool gives, and the schema that it says it gives. */
const giving = fc.oneof(
  json.map((value) => ({ give: () => value as unknown, output: undefined })),
  words.map((value) => ({ give: () => ({ value }), output: z.object({ value: z.string() }) })),
  fc.array(fc.integer(), { maxLength: 4 }).map((value) => ({ give: () => value, output: z.array(z.number()) })),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => ({ give: () => value + 0, output: z.number() })),
  fc.constant({ give: () => null, output: z.null() }),
  fc.array(block, { maxLength: 3 }).map((value) => ({ give: () => value, output: undefined })),
  fc.tuple(words, words, meta).map(([content, value, _meta]) => ({
    give: () => toolResult({ content, structured: { value }, meta: _meta }),
    output: z.object({ value: z.string() }),
  })),
  words.map((content) => ({ give: () => toolResult({ content, isError: true }), output: undefined })),
  fc.tuple(words, json).map(([message, value]) => ({
    give: () => {
      throw new ToolError('NOT_FOUND', message, { value })
    },
    output: undefined,
  })),
  words.map((message) => ({
    give: () => {
      throw new Error(message)
    },
    output: undefined,
  })),
  fc
    .tuple(fc.constantFrom('INVALID_PARAMS' as const, 'RATE_LIMITED' as const, 'OVERLOADED' as const), words, json)
    .map(([code, message, data]) => ({
      give: () => {
        throw new McpError(code, message, { data })
      },
      output: undefined,
    })),
)

const tool = fc.record(
  {
    name,
    ...shown,
    description: words.map((each) => `It does ${each}`),
    annotations: fc.record({ readOnlyHint: fc.boolean(), title: words }, { requiredKeys: [] }),
    giving,
    input: fc.constantFrom(z.object({ x: z.number().optional() }), z.object({ q: z.string().default('') }), undefined),
  },
  { requiredKeys: ['name', 'description', 'giving', 'input'] },
)
const read = fc.oneof(
  words.map((each) => () => each as unknown),
  json.map((each) => () => ({ each })),
  fc.constant(() => PIXEL),
  fc.constant(() => undefined),
  words.map((each) => () => {
    throw new McpError('INVALID_PARAMS', each)
  }),
)
const resource = fc.record(
  {
    name,
    ...shown,
    mimeType: fc.constantFrom('text/plain', 'application/json', 'image/png'),
    annotations: fc.record({ priority: fc.constantFrom(0, 0.5, 1) }),
    cache: fc.record({ ttlMs: fc.nat(100_000), cacheScope: fc.constantFrom('public' as const, 'private' as const) }),
    read,
  },
  { requiredKeys: ['name', 'read'] },
)
const prompt = fc.record(
  { name, ...shown, say: words, values: fc.array(name, { maxLength: 3 }) },
  { requiredKeys: ['name', 'say', 'values'] },
)

const world = fc.record({
  tools: fc.uniqueArray(tool, { maxLength: 5, selector: (each) => each.name }),
  resources: fc.uniqueArray(resource, { maxLength: 4, selector: (each) => each.name }),
  templates: fc.uniqueArray(resource, { maxLength: 2, selector: (each) => each.name }),
  prompts: fc.uniqueArray(prompt, { maxLength: 3, selector: (each) => each.name }),
  pageSize: fc.integer({ min: 1, max: 4 }),
  ttls: fc.record({
    'tools/list': fc.nat(100_000),
    'resources/list': fc.nat(100_000),
    'prompts/list': fc.nat(100_000),
  }),
})
type World = typeof world extends fc.Arbitrary<infer W> ? W : never

const SELF = { name: 'world', version: '1', onError: () => undefined }

function build({ tools, resources, templates, prompts, pageSize, ttls }: World): FastMCP {
  const methods = Object.fromEntries(Object.entries(ttls).map(([method, ttlMs]) => [method, { ttlMs }]))
  const mcp = new FastMCP({ ...SELF, pageSize, cache: { methods } })
  for (const { name: id, giving: given, input, ...options } of tools) {
    // Each gives what its own schema says, which the compiler cannot follow.
    const { give, output } = given as { give: () => never; output: z.ZodType<never> | undefined }
    const schemas = { ...(input === undefined ? {} : { input }), ...(output === undefined ? {} : { output }) }
    mcp.tool(id, { ...options, ...schemas }, () => give())
  }
  for (const { name: id, read: give, ...options } of resources) mcp.resource(`test://${id}`, options, () => give())
  for (const { name: id, read: give, ...options } of templates) {
    mcp.resource(`test://of/${id}/{which}` as string, { ...options, complete: { which: ['a', 'ab', 'b'] } }, () =>
      give(),
    )
  }
  for (const { name: id, say, values, ...options } of prompts) {
    const input = z.object({ who: z.string(), why: z.string().optional() })
    mcp.prompt(id, { ...options, input, complete: { who: values } }, ({ who }) => [
      user(`${say} ${who}`),
      user(image(PIXEL)),
    ])
  }
  return mcp
}

/** Everything that can be asked of such a server. */
function questions({ tools, resources, templates, prompts }: World): readonly (readonly [string, Members])[] {
  const uris = [
    ...resources.map((each) => `test://${each.name}`),
    ...templates.map((each) => `test://of/${each.name}/x`),
  ]
  return [
    ...tools.flatMap((each) => [
      ['tools/call', { name: each.name, arguments: {} }] as const,
      ['tools/call', { name: each.name, arguments: { x: 'no number', q: 1 } }] as const,
    ]),
    ...uris.map((uri) => ['resources/read', { uri }] as const),
    ...prompts.flatMap((each) => [
      ['prompts/get', { name: each.name, arguments: { who: 'Ada' } }] as const,
      ['prompts/get', { name: each.name, arguments: {} }] as const,
      [
        'completion/complete',
        { ref: { type: 'ref/prompt', name: each.name }, argument: { name: 'who', value: 'a' } },
      ] as const,
    ]),
    ...templates.map(
      (each) =>
        [
          'completion/complete',
          {
            ref: { type: 'ref/resource', uri: `test://of/${each.name}/{which}` },
            argument: { name: 'which', value: 'a' },
          },
        ] as const,
    ),
    ['tools/call', { name: 'nobody_has_it' }],
    ['resources/read', { uri: 'test://nobody/has/it' }],
    ['prompts/get', { name: 'nobody_has_it' }],
  ]
}

async function pages(client: Client, method: string, member: string): Promise<unknown> {
  const all: unknown[] = []
  let cursor: unknown
  try {
    do {
      const page = await client.forward(method, cursor === undefined ? {} : { cursor })
      all.push({ items: page[member], ttlMs: page.ttlMs, cacheScope: page.cacheScope })
      cursor = page.nextCursor
    } while (cursor !== undefined)
  } catch (problem) {
    return told(problem)
  }
  return all
}

/** An error without what is made of chance. */
function told(problem: unknown): unknown {
  const { message, rpcCode, data } = problem as { message: string; rpcCode?: number; data?: unknown }
  return { error: message.replace(/\([0-9a-f]{8}\)/, '(…)'), rpcCode, data }
}

async function everything(client: Client, about: World): Promise<unknown> {
  const answers: unknown[] = []
  for (const [method, params] of questions(about)) {
    const answer = await client.forward(method, params).catch(told)
    answers.push([method, params, JSON.parse(JSON.stringify(answer).replace(/\([0-9a-f]{8}\)/g, '(…)'))])
  }
  return {
    capabilities: client.capabilities,
    serverInfo: client.serverInfo,
    tools: await pages(client, 'tools/list', 'tools'),
    resources: await pages(client, 'resources/list', 'resources'),
    templates: await pages(client, 'resources/templates/list', 'resourceTemplates'),
    prompts: await pages(client, 'prompts/list', 'prompts'),
    answers,
  }
}

/** How long a result may be kept does not travel in the stateful era. */
function withoutHints(seen: unknown): unknown {
  return JSON.parse(JSON.stringify(seen, (key, value) => (key === 'ttlMs' || key === 'cacheScope' ? undefined : value)))
}

for (const upstream of ERAS) {
  for (const era of ERAS) {
    describe(`a proxy of a ${upstream} server, for a ${era} caller`, () => {
      it('cannot be told from the server itself', { timeout: 60_000 }, async () => {
        await fc.assert(
          fc.asyncProperty(world, async (about) => {
            await using itself = build(about)
            await using behind = new FastMCP({ ...SELF, pageSize: about.pageSize })
            behind.mount(proxy(itself, { era: upstream }))
            await using direct = await createTestClient(itself, { era })
            await using through = await createTestClient(behind, { era })
            const [expected, actual] = [await everything(direct, about), await everything(through, about)]
            if (upstream === 'stateful') expect(withoutHints(actual)).toEqual(withoutHints(expected))
            else expect(actual).toEqual(expected)
          }),
          { numRuns: 25 },
        )
      })
    })
  }
}
