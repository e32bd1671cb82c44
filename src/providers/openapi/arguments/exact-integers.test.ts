import { describe, expect, it } from 'vitest'
import { compileInput } from '../../../schema/compile.ts'
import { explain } from '../../../schema/explain.ts'
import { withExactIntegers } from './exact-integers.ts'

const whole = { type: 'integer', format: 'int64' }
const json = {
  type: 'object',
  properties: { id: { ...whole, minimum: 1 }, other: { anyOf: [whole, { type: 'null' }] }, size: { type: 'number' } },
  required: ['id'],
  additionalProperties: false,
}
const { check } = withExactIntegers(compileInput(json))

describe('whole numbers of more digits than a number holds', () => {
  it('are given as text, and kept to the last digit', async () => {
    const id = '1234567890123456789'
    expect(await check({ id })).toEqual({ ok: true, value: { id: 1234567890123456789n } })
    expect(await check({ id, other: '-9223372036854775808' })).toEqual({
      ok: true,
      value: { id: 1234567890123456789n, other: -9223372036854775808n },
    })
  })

  it('are checked like others', async () => {
    expect(await check({ id: '-1234567890123456789' })).toMatchObject({ ok: false, problems: [{ path: ['id'] }] })
    expect(await check({ id: '1234567890123456789', size: 'large' })).toMatchObject({ ok: false })
    expect(await check({ id: '123456789012345678901234567890' })).toMatchObject({ ok: false })
  })

  it('are refused as numbers, which have lost digits already', async () => {
    const args = JSON.parse('{"id":1234567890123456789}')
    const checked = await check(args)
    if (checked.ok) throw new Error('must not pass')
    expect(explain(checked.problems, json, args)).toBe(
      '`id` has lost digits, as no number holds so many; give them as text',
    )
  })

  it('are found wherever they are, and only where numbers are', async () => {
    const nested = compileInput({
      type: 'object',
      properties: {
        ids: { type: 'array', items: { $ref: '#/$defs/Id' } },
        one: { anyOf: [{ $ref: '#/$defs/Item' }, { type: 'string', enum: [''] }] },
        text: { type: 'string' },
        free: {},
      },
      $defs: {
        Id: { type: 'integer' },
        Item: { type: 'object', properties: { id: { allOf: [{ $ref: '#/$defs/Id' }] }, in: { $ref: '#/$defs/Item' } } },
      },
    })
    const exact = withExactIntegers(nested)
    const digits = '9007199254740993'
    const args = { ids: [1, digits], one: { id: digits, in: { in: { id: digits } } }, text: digits, free: [digits] }
    const id = 9007199254740993n
    expect(await exact.check(args)).toEqual({
      ok: true,
      value: { ids: [1, id], one: { id, in: { in: { id } } }, text: digits, free: [digits] },
    })
    expect(args.ids).toEqual([1, digits])
    expect(await exact.check({ one: { in: { id: 2 ** 60 } } })).toMatchObject({
      ok: false,
      problems: [{ path: ['one', 'in', 'id'] }],
    })
  })

  it('change nothing for all others', async () => {
    expect(await check({ id: '7' })).toEqual({ ok: true, value: { id: 7 } })
    expect(await check({ id: '9007199254740991' })).toEqual({ ok: true, value: { id: 9007199254740991 } })
    expect(await check({ id: 1, size: 1e30, other: null })).toMatchObject({ ok: true })
    expect(await check(null)).toMatchObject({ ok: false })
    expect(await check({})).toMatchObject({ ok: false })
  })
})
