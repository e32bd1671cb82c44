import { Validator } from '@cfworker/json-schema'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { compileOutput } from '../../../schema/compile.ts'
import { readApi } from '../document/read-api.ts'
import { portable } from './portable-schema.ts'

const key = fc.constantFrom('a', 'b', 'c')
const text = fc.constantFrom('', 'a', 'aa', 'b')
const whole = fc.integer({ min: -1, max: 3 })
const leaf = fc.oneof(text, whole, fc.constant(null), fc.boolean())

/** Schemas that may refer to others by these names. */
const schemaWith = (names: readonly string[]): fc.Arbitrary<unknown> =>
  fc.letrec((tie) => {
    const schemas = fc.array(tie('schema'), { minLength: 1, maxLength: 2 })
    const optional = { requiredKeys: [] as [] }
    const unions = { anyOf: schemas, oneOf: schemas, allOf: schemas, not: tie('schema') }
    const object = fc.record(
      {
        type: fc.constantFrom('object', ['object', 'null']),
        properties: fc.dictionary(key, tie('schema'), { maxKeys: 3 }),
        required: fc.uniqueArray(key, { maxLength: 2 }),
        additionalProperties: fc.oneof(fc.boolean(), tie('schema')),
        patternProperties: fc.dictionary(fc.constantFrom('^a', 'b$', '(?=c)c'), tie('schema'), { maxKeys: 2 }),
        dependentRequired: fc.dictionary(key, fc.uniqueArray(key, { maxLength: 2 }), { maxKeys: 1 }),
        propertyNames: tie('schema'),
        ...unions,
      },
      { requiredKeys: ['type'] },
    )
    const list = fc.record(
      {
        type: fc.constant('array'),
        items: tie('schema'),
        prefixItems: schemas,
        contains: tie('schema'),
        minContains: fc.nat(2),
        maxItems: fc.nat(3),
        uniqueItems: fc.boolean(),
        ...unions,
      },
      { requiredKeys: ['type'] },
    )
    const scalar = fc.record(
      {
        type: fc.constantFrom('string', 'integer', 'number', 'boolean', 'null', ['string', 'integer']),
        pattern: fc.constantFrom('^a+$', '(?=a)', '[a-]'),
        minLength: fc.nat(2),
        minimum: whole,
        exclusiveMaximum: whole,
        enum: fc.uniqueArray(leaf, { minLength: 1, maxLength: 3 }),
        const: leaf,
      },
      optional,
    )
    const references =
      names.length === 0 ? {} : { $ref: fc.constantFrom(...names.map((name) => `#/components/schemas/${name}`)) }
    const joined = fc.record({ ...unions, ...references }, optional)
    return { schema: fc.oneof({ maxDepth: 2 }, scalar, object, list, joined, fc.boolean()) }
  }).schema

const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    leaf,
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(key, tie('value'), { maxKeys: 3 }),
  ),
}))

it('what the schema of a document takes, what comes of it takes too', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.record({ A: schemaWith(['B', 'C']), B: schemaWith(['C']), C: schemaWith([]) }),
      fc.array(value, { minLength: 5, maxLength: 5 }),
      async (schemas, values) => {
        const components = { schemas }
        const api = readApi({ openapi: '3.1.0', info: { title: 'T', version: '1' }, paths: {}, components })
        if (api instanceof Promise) throw new Error('an object is read at once')
        const $ref = '#/components/schemas/A'
        const judge = new Validator({ components, $ref }, '2020-12')
        const made = compileOutput(portable({ $ref }, api, 'request').schema)
        for (const each of values) {
          if (!judge.validate(each).valid) continue
          expect(await made.check(each), JSON.stringify([each, made.json])).toMatchObject({ ok: true })
        }
      },
    ),
    { numRuns: 200 },
  )
})
