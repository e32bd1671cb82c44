import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { compileInput } from './compile.ts'
import { TOO_DEEP, withoutProto } from './own-keys.ts'

describe('FR-11: a member named __proto__', () => {
  const hostile: unknown = JSON.parse(
    '{"a":{"__proto__":{"polluted":1},"b":[{"__proto__":1,"c":2}]},"__proto__":3,"constructor":{"prototype":{"x":1}}}',
  )

  it('is dropped wherever it is; the value that was sent is left alone', () => {
    const before = JSON.stringify(hostile)
    const kept = withoutProto(hostile)
    expect(JSON.stringify(kept)).toBe('{"a":{"b":[{"c":2}]},"constructor":{"prototype":{"x":1}}}')
    expect(JSON.stringify(hostile)).toBe(before)
  })

  it.each([
    ['zod', z.looseObject({})],
    ['raw JSON Schema', { type: 'object' }],
  ])('reaches no handler by %s, and pollutes nothing', async (_name, schema) => {
    const checked = await compileInput(schema).check(hostile)
    expect(JSON.stringify(checked)).not.toContain('__proto__')
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined()
    const value = checked.ok ? (checked.value as object) : {}
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype)
    expect(Object.hasOwn(value, 'constructor')).toBe(true)
  })

  it('costs nothing where there is none: the value is not copied', () => {
    const value = { a: [{ b: 1 }] }
    expect(withoutProto(value)).toBe(value)
  })
})

describe('a value that is too deep', () => {
  const nest = (levels: number): unknown => (levels === 0 ? 1 : [nest(levels - 1)])

  it('is refused, cycles too', async () => {
    expect(withoutProto(nest(64))).not.toBe(TOO_DEEP)
    expect(withoutProto(nest(65))).toBe(TOO_DEEP)
    const cyclic: Record<string, unknown> = {}
    Object.assign(cyclic, { a: cyclic, b: cyclic, c: cyclic })
    expect(await compileInput(z.unknown()).check(cyclic)).toEqual({
      ok: false,
      problems: [{ path: [], message: 'nests deeper than 64 levels' }],
    })
  })
})
