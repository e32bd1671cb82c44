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
    expect(await check({ id })).toEqual({ ok: true, value: { id } })
    expect(await check({ id, other: '-9223372036854775808' })).toMatchObject({
      value: { other: '-9223372036854775808' },
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

  it('change nothing for all others', async () => {
    expect(await check({ id: '7' })).toEqual({ ok: true, value: { id: 7 } })
    expect(await check({ id: '9007199254740991' })).toEqual({ ok: true, value: { id: 9007199254740991 } })
    expect(await check({ id: 1, size: 1e30, other: null })).toMatchObject({ ok: true })
    expect(await check(null)).toMatchObject({ ok: false })
    expect(await check({})).toMatchObject({ ok: false })
  })
})
