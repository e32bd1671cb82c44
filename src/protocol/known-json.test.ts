import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { knownJson, noteJson, noteRenamed, openListJson } from './known-json.ts'

const definition = fc.record({ name: fc.string(), description: fc.string(), inputSchema: fc.jsonValue() })
const item = fc.oneof(
  fc.jsonValue(),
  definition,
  definition.map((each) => noteJson(each)),
)

describe('the JSON of a list', () => {
  it('is what it is without anything noted', () => {
    const list = fc.record(
      { tools: fc.array(item), nextCursor: fc.string(), other: fc.constant(undefined) },
      { requiredKeys: ['tools'] },
    )
    fc.assert(
      fc.property(list, (result) => {
        expect(`${openListJson(result)}}`).toBe(JSON.stringify(result))
      }),
    )
  })

  it('has null where an item has no form in JSON', () => {
    expect(openListJson({ tools: [undefined, () => 1, { a: undefined }] })).toBe('{"tools":[null,null,{}]')
  })
})

describe('a definition under another name', () => {
  it('has the JSON that it would have', () => {
    fc.assert(
      fc.property(definition, fc.string(), (source, name) => {
        noteJson(source)
        const renamed = noteRenamed({ ...source, name }, source)
        expect(knownJson(renamed)).toBe(JSON.stringify(renamed))
      }),
    )
  })

  it('is not noted where nothing was, or where the name does not come first', () => {
    expect(knownJson(noteRenamed({ name: 'b' }, { name: 'a' }))).toBeUndefined()
    const source = noteJson({ title: 'x', name: 'a' })
    expect(knownJson(noteRenamed({ title: 'x', name: 'b' }, source))).toBeUndefined()
  })
})
