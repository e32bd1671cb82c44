import fc from 'fast-check'
import { expect, it } from 'vitest'
import { plainMisfit } from './plain-misfit.ts'
import { rawPass } from './raw.ts'

it.each<[object, unknown, string | undefined]>([
  [{ type: 'number' }, 'x', 'must be a number'],
  [{ type: 'integer' }, 1.5, 'must be an integer'],
  [{ type: ['string', 'null'] }, null, undefined],
  [{ enum: ['a', 'b'] }, 'c', 'must be "a" or "b"'],
  [{ const: 1 }, 2, 'must be 1'],
  [{ type: 'number', minimum: 3 }, 2, 'must be at least 3'],
  [{ type: 'string', minLength: 2 }, 'x', 'must have at least 2 characters'],
  [{ type: 'string', maxLength: 1 }, '😀', undefined],
  [{ type: 'string', pattern: '^y' }, 'x', undefined],
  [{}, undefined, undefined],
])('tells of %j and %j at once what the whole check tells later', (schema, value, words) => {
  expect(plainMisfit(schema as Readonly<Record<string, unknown>>, value)).toBe(words)
})

it('never refuses what the whole check takes', async () => {
  const number = fc.integer({ min: -3, max: 3 })
  const schema = fc.record(
    {
      type: fc.constantFrom('string', 'number', 'integer', 'array', 'object', 'boolean', 'null', ['string', 'null']),
      enum: fc.array(fc.constantFrom<unknown>('a', 1, null, true, {}), { minLength: 1 }),
      const: fc.constantFrom<unknown>('a', 1, null),
      minimum: number,
      maximum: number,
      minLength: fc.nat(3),
      maxLength: fc.nat(3),
    },
    { requiredKeys: [] },
  )
  const value = fc.oneof(fc.constantFrom<unknown>('a', '😀', 'abc', null, true, {}, [], 1.5), number)
  await fc.assert(
    fc.asyncProperty(schema, value, async (json, given) => {
      const isTaken = (await rawPass(json, { defaults: false })(given)).ok
      if (isTaken) expect(plainMisfit(json, given)).toBeUndefined()
    }),
  )
})
