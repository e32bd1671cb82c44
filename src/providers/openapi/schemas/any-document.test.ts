import fc from 'fast-check'
import { expect, it } from 'vitest'
import { admitSchema } from '../../../schema/admit.ts'
import { compileInput } from '../../../schema/compile.ts'
import { HOLDERS } from '../../../schema/keywords.ts'
import { RULES } from '../../../schema/rules.ts'
import { planArguments } from '../arguments/plan-arguments.ts'
import { readApi } from '../document/read-api.ts'
import type { Api } from '../routes/api.ts'
import { portable } from './portable-schema.ts'

const KEYWORDS = [
  ...[...HOLDERS.keys(), ...RULES.keys()],
  ...'const default description title nullable readOnly writeOnly discriminator example examples xml x-a'.split(' '),
  ...'type type properties properties items allOf anyOf oneOf $ref $ref $ref required enum'.split(' '),
]

const NAMES = ['A', 'B', 'C', 'D/E', '__proto__', 'constructor', '']
const reference = fc.oneof(
  fc.constantFrom(...NAMES).map((name) => `#/components/schemas/${name.replaceAll('/', '~1')}`),
  fc.constantFrom('#', '#/components/schemas/A/properties/a', '#/components/schemas/B/allOf/0', 'x.yaml', '#a', '%'),
)
const scalar = fc.oneof(
  reference,
  fc.constantFrom(
    'object',
    'array',
    'string',
    'integer',
    'file',
    '^a+$',
    '(?=a)',
    '(',
    'date-time',
    true,
    false,
    null,
    -1,
    0,
    1,
    1e300,
  ),
  fc.string({ maxLength: 5 }),
)

const { schema } = fc.letrec((tie) => ({
  value: fc.oneof({ maxDepth: 4 }, scalar, tie('schema'), fc.array(tie('value'), { maxLength: 4 }), tie('map')),
  map: fc.dictionary(fc.constantFrom(...NAMES, 'a', 'b', 'a b', '$ref'), tie('value'), { maxKeys: 4 }),
  schema: fc.dictionary(fc.constantFrom(...KEYWORDS), tie('value'), { maxKeys: 6 }),
}))

function apiWith(schemas: object, one: unknown): Api {
  const api = readApi({
    openapi: '3.1.0',
    info: { title: 'T', version: '1' },
    paths: {
      '/a/{id}': {
        post: {
          parameters: [
            { name: 'id', in: 'path', required: true, schema: one },
            { name: 'a', in: 'query', schema: one },
          ],
          requestBody: { content: { 'multipart/form-data': { schema: one } } },
          responses: {},
        },
      },
    },
    components: { schemas },
  })
  if (api instanceof Promise) throw new Error('an object is read at once')
  return api
}

it('whatever stands where schemas should be, what comes of it is a schema that can be shown and checked', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(schema, { minLength: NAMES.length, maxLength: NAMES.length }),
      scalar,
      async (all, sent) => {
        const api = apiWith(Object.fromEntries(NAMES.map((name, i) => [name, all[i]])), all[0])
        for (const side of ['request', 'response'] as const) {
          for (const raw of all) {
            // As `fc.dictionary` makes it.
            const made = portable(raw as Record<string, unknown>, api, side).schema
            const { $defs = {}, ...value } = admitSchema(made, 'raw')
            if (side === 'request')
              await compileInput({ type: 'object', properties: { value }, $defs }).check({ value: sent })
          }
        }
        for (const route of api.routes) {
          const { plan } = planArguments(route, api)
          const compiled = compileInput(plan.schema)
          await compiled.check({ id: sent, a: sent, b: sent })
          await compiled.check({})
        }
      },
    ),
    { numRuns: 200 },
  )
  expect(Object.hasOwn(Object.prototype, 'type')).toBe(false)
})
