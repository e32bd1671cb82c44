import fc from 'fast-check'
import { expect, it } from 'vitest'
import { originOf } from '../../../tests/kit/origin.ts'
import type { AnyComponent } from '../../components/component.ts'
import { contextOf } from '../../engine/backstage.ts'
import type { TemplateDefinition } from '../../protocol/definitions.ts'
import { isRecord } from '../../protocol/json-rpc.ts'
import { openapi } from './openapi.ts'
import type { RouteMap } from './options.ts'

const context = contextOf(originOf())
const KINDS = ['tool', 'resource', 'template'] as const
const BASE = 'https://api.example.com/v1/'

const SCHEMAS = [
  { type: 'string' },
  { type: 'integer', minimum: 3 },
  { type: 'boolean' },
  { enum: ['a', 'b c'] },
  { type: 'array', items: { type: 'integer' } },
  { type: 'object', properties: { x: { type: 'string' } }, required: ['x'] },
  { $ref: '#/components/schemas/Size' },
]
const name = fc.constantFrom('id', 'user-id', 'filter[name]', 'page', 'body', '__proto__', 'constructor', 'ä b')
const schema = fc.constantFrom(...SCHEMAS)

const parameter = fc.record({
  name,
  in: fc.constantFrom('query', 'header', 'cookie'),
  required: fc.boolean(),
  schema,
})
const operation = fc.record({
  operationId: fc.option(fc.constantFrom('get', 'get', '__proto__', 'x'.repeat(300), '😀', 'a b', 'toString'), {
    nil: undefined,
  }),
  parameters: fc.uniqueArray(parameter, { maxLength: 4, selector: (one) => `${one.in} ${one.name.toLowerCase()}` }),
  tags: fc.subarray(['public', 'internal']),
  body: fc.option(fc.record({ required: fc.boolean(), schema }), { nil: undefined }),
})
const pathItem = fc.record({
  names: fc.uniqueArray(name, { maxLength: 2 }),
  operations: fc.dictionary(fc.constantFrom('get', 'post', 'delete'), operation, { minKeys: 1, noNullPrototype: true }),
})
const routeMap: fc.Arbitrary<Required<RouteMap> & { readonly pattern: string }> = fc.record({
  methods: fc.constantFrom<Required<RouteMap>['methods'][]>('*', ['GET'], ['POST', 'DELETE']),
  pattern: fc.constantFrom('.*', '^/p0', '[{]'),
  tags: fc.constantFrom<(readonly string[])[]>([], ['internal']),
  type: fc.constantFrom<RouteMap['type'][]>('tool', 'resource', 'resourceTemplate', 'exclude'),
  mcpTags: fc.constant([]),
})
const given = fc.record({
  paths: fc.array(pathItem, { minLength: 1, maxLength: 4 }),
  routeMaps: fc.array(routeMap, { maxLength: 3 }),
})

type Given = typeof given extends fc.Arbitrary<infer T> ? T : never
type Item = Given['paths'][number]

const pathOf = ({ names }: Item, index: number): string => `/p${index}${names.map((each) => `/{${each}}`).join('/x')}`

function documentOf({ paths }: Given): object {
  const items = paths.map((item, index) => [
    pathOf(item, index),
    {
      parameters: item.names.map((each) => ({ name: each, in: 'path', required: true, schema: { type: 'string' } })),
      ...Object.fromEntries(
        Object.entries(item.operations).map(([verb, { body, ...rest }]) => [
          verb,
          {
            ...rest,
            ...(verb === 'post' && body !== undefined && { requestBody: bodyOf(body) }),
            responses: { 200: { description: 'Fine', content: { 'application/json': { schema: {} } } } },
          },
        ]),
      ),
    },
  ])
  return {
    openapi: '3.1.0',
    info: { title: 'Any', version: '1' },
    components: { schemas: { Size: { type: 'string', enum: ['s', 'm'] } } },
    paths: Object.fromEntries(items),
  }
}

function bodyOf(body: { readonly required: boolean; readonly schema: object }): object {
  return { required: body.required, content: { 'application/json': { schema: body.schema } } }
}

/** What the first rule that fits says. */
function typeOf(given: Given, verb: string, item: Item, index: number): string {
  const { tags } = item.operations[verb] ?? { tags: [] }
  const rule = given.routeMaps.find(
    ({ methods, pattern, tags: wanted }) =>
      (methods === '*' || methods.some((method) => method === verb.toUpperCase())) &&
      new RegExp(pattern).test(pathOf(item, index)) &&
      wanted.every((tag) => (tags as readonly string[]).includes(tag)),
  )
  return rule?.type ?? 'tool'
}

/** A value that a schema allows; only for those of this file. */
function valueFor(schema: unknown, defs: unknown): unknown {
  if (!isRecord(schema)) return 'any'
  if (typeof schema.$ref === 'string') {
    const key = decodeURIComponent(schema.$ref.replace('#/$defs/', '')).replaceAll('~1', '/').replaceAll('~0', '~')
    return valueFor(isRecord(defs) ? defs[key] : undefined, defs)
  }
  if (Array.isArray(schema.enum)) return schema.enum[0]
  if (schema.type === 'integer') return schema.minimum ?? 1
  if (schema.type === 'boolean') return true
  if (schema.type === 'array') return [valueFor(schema.items, defs)]
  if (schema.type !== 'object' && schema.properties === undefined) return 'v/ä'
  const properties = isRecord(schema.properties) ? schema.properties : {}
  return Object.fromEntries(Object.entries(properties).map(([key, inner]) => [key, valueFor(inner, defs)]))
}

/** A URI of a template, as its description tells what must stand in it. */
function uriFor({ uriTemplate, description = '' }: TemplateDefinition): string {
  const path = uriTemplate.replace(/\{\?.*\}/, '').replaceAll(/\{[^}]*\}/g, 'v')
  const needed = [...description.matchAll(/^- (\S+) \((?:(.*), )?required\)/gm)]
  const pairs = needed.map(
    ([, key, kind = '']) => `${key}=${encodeURIComponent(TEXTS[kind] ?? kind.split(' | ')[0] ?? '')}`,
  )
  return pairs.length === 0 ? path : `${path}?${pairs.join('&')}`
}

const TEXTS: Readonly<Record<string, string>> = { integer: '3', boolean: 'true', list: '1', JSON: '{"x":"v"}' }

async function reach(component: AnyComponent): Promise<unknown> {
  if (component.kind === 'tool') {
    const { inputSchema } = component.definition
    return component.call(valueFor(inputSchema, inputSchema.$defs), context)
  }
  if (component.kind === 'resource') return component.read(component.id, context)
  if (component.kind === 'template') return component.read(uriFor(component.definition), context)
  throw new Error('nothing else is made')
}

it('everything listed can be called, and what is excluded cannot be reached', async () => {
  await fc.assert(
    fc.asyncProperty(given, async (made) => {
      const sent: string[] = []
      const provider = openapi(documentOf(made), {
        baseUrl: BASE,
        routeMaps: made.routeMaps,
        fetch: async (url, { method }) => {
          sent.push(`${method} ${url}`)
          return Response.json({ fine: true })
        },
      })
      const components = (await Promise.all(KINDS.map((kind) => provider.list(kind, context)))).flat()
      const { taken, skipped, excluded } = await provider.report()
      const operations = made.paths.flatMap((item, index) =>
        Object.keys(item.operations).map((verb) => ({
          at: `${verb.toUpperCase()} ${pathOf(item, index)}`,
          isExcluded: typeOf(made, verb, item, index) === 'exclude',
        })),
      )
      const known = (list: readonly { method: string; path: string }[]): string[] =>
        list.map(({ method, path }) => `${method} ${path}`).toSorted()

      // Nothing is lost, and nothing is there twice.
      expect([...known(taken), ...known(skipped), ...known(excluded)].toSorted()).toEqual(
        operations.map(({ at }) => at).toSorted(),
      )
      expect(known(excluded)).toEqual(operations.flatMap(({ at, isExcluded }) => (isExcluded ? [at] : [])).toSorted())
      expect(new Set(components.map(({ id }) => id)).size).toBe(components.length)
      expect(components.map(({ id }) => id).toSorted()).toEqual(taken.map(({ id }) => id).toSorted())

      for (const component of components) {
        sent.length = 0
        const result = await reach(component)
        const { method, path } = taken.find(({ id }) => id === component.id) ?? { method: '', path: '' }
        expect({ result, sent: sent.length }).toMatchObject({ sent: 1 })
        expect(result).not.toMatchObject({ isError: true })
        const [address = ''] = sent[0]?.split('?') ?? []
        const segments = path
          .slice(1)
          .split('/')
          .map((segment) => (segment.startsWith('{') ? '[^/]+' : segment))
        expect(address).toMatch(new RegExp(`^${method} ${BASE}${segments.join('/')}$`))
      }
    }),
    { numRuns: 60 },
  )
})
