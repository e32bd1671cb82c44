import { describe, expect, it } from 'vitest'
import { answered, answering, jsonOf } from '../../../../tests/kit/answered-route.ts'
import { pickFrom, readPick } from './pick.ts'

const answer = {
  total: 2,
  items: [
    { id: 1, name: 'a', owner: { login: 'x', email: 'canary' } },
    { id: 2, name: 'b', owner: null },
  ],
  meta: { page: 1 },
}

describe('a part of an answer', () => {
  it.each([
    [['total'], { total: 2 }],
    [['items.*.name'], { items: [{ name: 'a' }, { name: 'b' }] }],
    [['items.*.owner.login', 'items.*.id'], { items: [{ owner: { login: 'x' }, id: 1 }, { id: 2 }] }],
    [['items'], { items: answer.items }],
    [['items.*.owner', 'items'], { items: answer.items }],
    [['*.page', 'total'], { total: 2, meta: { page: 1 } }],
    [['*.page', 'meta.size'], { meta: { page: 1 } }],
    [['nothing', 'items.name', 'total.x', 'toString', '__proto__.x', 'constructor.name'], {}],
    [[], {}],
  ])('%j', (paths, expected) => {
    const kept = readPick(paths)
    const picked = kept && pickFrom(answer, kept)
    expect(picked).toEqual(expected)
    expect(Object.getPrototypeOf(picked)).toBe(Object.prototype)
  })

  it('of a list', () => {
    const kept = readPick(['*.id'])
    expect(kept && pickFrom(answer.items, kept)).toEqual([{ id: 1 }, { id: 2 }])
  })

  it.each([[['']], [['a..b']], [['.a']], [[1]], ['items'], [['a.'.repeat(30)]]])('%j is no path', (paths) => {
    expect(() => readPick(paths as string[])).toThrow(expect.objectContaining({ code: 'SETTING' }))
  })

  it('is shown however deep it is', async () => {
    const schema = ['f', 'e', 'd', 'c', 'b', 'a'].reduce<object>(
      (properties, name) => ({ type: 'object', properties: { [name]: properties, other: {} } }),
      { type: 'string' },
    )
    const { reader } = await answered({
      responses: { 200: jsonOf(schema) },
      options: { pick: ['a.b.c.d.e.f'] },
      upstream: {},
    })
    expect(JSON.stringify(reader.outputSchema)).toContain('"f":{"description":"string"}')
    expect(JSON.stringify(reader.outputSchema)).not.toContain('other')
  })

  it('that the answer does not have is told', async () => {
    const list = { type: 'object', properties: { items: { type: 'array', items: { properties: { id: {} } } } } }
    const notesOn = async (pick: string[], schema: object) => {
      const responses = { 200: jsonOf(schema) }
      return (await answered({ responses, options: { pick }, upstream: {} })).reader.notes
    }
    for (const pick of [['items.id'], ['item'], []]) {
      expect(await notesOn(pick, list)).toEqual([expect.stringContaining('nothing that `pick` names')])
    }
    expect(await notesOn(['items.*.id', 'item'], list)).toEqual([])
    expect(await notesOn(['anything'], {})).toEqual([])
  })

  it('is what the tool shows, and what its result is', async () => {
    const Item = {
      type: 'object',
      properties: {
        id: { type: 'integer' },
        name: { type: 'string' },
        owner: { properties: { login: {}, email: {} } },
      },
    }
    const schema = { type: 'object', properties: { total: {}, items: { type: 'array', items: Item } } }
    const { reader, result } = await answered({
      responses: { 200: jsonOf(schema) },
      options: { pick: ['items.*.name', 'items.*.owner.login'] },
      upstream: answering(() => Response.json(answer)),
    })
    expect(reader.outputSchema).toEqual({
      type: 'object',
      properties: {
        items: { items: { properties: { name: { description: 'string' }, owner: { properties: { login: {} } } } } },
      },
    })
    const picked = { items: [{ name: 'a', owner: { login: 'x' } }, { name: 'b' }] }
    expect(await result()).toEqual({
      content: [{ type: 'text', text: JSON.stringify(picked) }],
      structuredContent: picked,
    })
  })
})
