import { describe, expect, it } from 'vitest'
import { readHeaderParams } from './header-params.ts'
import type { JsonSchema } from './json-schema.ts'

const object = (properties: Record<string, unknown>, more: JsonSchema = {}): JsonSchema => ({
  type: 'object',
  properties,
  ...more,
})

describe('the headers that a schema declares', () => {
  it('are those of strings, integers and booleans, also inside objects', () => {
    const schema = object({
      region: { type: 'string', 'x-mcp-header': 'Region' },
      where: object({ level: { type: 'integer', 'x-mcp-header': 'Level' } }),
      dry: { type: 'boolean', 'x-mcp-header': 'Dry-Run' },
      plain: { type: 'string' },
    })
    expect(readHeaderParams(schema)).toEqual({
      params: [
        { path: ['region'], label: 'Region', integer: false },
        { path: ['where', 'level'], label: 'Level', integer: true },
        { path: ['dry'], label: 'Dry-Run', integer: false },
      ],
      problem: undefined,
    })
  })

  it.each([
    ['an empty name', { type: 'string', 'x-mcp-header': '' }],
    ['a name with a blank', { type: 'string', 'x-mcp-header': 'My Region' }],
    ['a name with a colon', { type: 'string', 'x-mcp-header': 'A:B' }],
    ['a name with a line break', { type: 'string', 'x-mcp-header': 'A\r\nB' }],
    ['a name that is not ASCII', { type: 'string', 'x-mcp-header': 'Région' }],
    ['a name that is no text', { type: 'string', 'x-mcp-header': 7 }],
    ['a number', { type: 'number', 'x-mcp-header': 'A' }],
    ['an object', { type: 'object', 'x-mcp-header': 'A' }],
    ['a string that may be null', { type: ['string', 'null'], 'x-mcp-header': 'A' }],
    ['anything', { 'x-mcp-header': 'A' }],
    ['an item', { type: 'array', items: { type: 'string', 'x-mcp-header': 'A' } }],
    ['a branch', { anyOf: [{ type: 'string', 'x-mcp-header': 'A' }] }],
    ['a member of a branch', { oneOf: [object({ b: { type: 'string', 'x-mcp-header': 'A' } })] }],
    ['a condition', { if: object({ b: { type: 'string', 'x-mcp-header': 'A' } }) }],
    ['any other member', { type: 'object', additionalProperties: { type: 'string', 'x-mcp-header': 'A' } }],
  ])('cannot be %s', (_, property) => {
    const { params, problem } = readHeaderParams(object({ a: property }))
    expect(params).toEqual([])
    expect(problem).toMatch(/^x-mcp-header at a/)
  })

  it('cannot be in a definition that is referred to, or at the root', () => {
    const referred = object({ a: { $ref: '#/$defs/A' } }, { $defs: { A: { type: 'string', 'x-mcp-header': 'A' } } })
    expect(readHeaderParams(referred).problem).toMatch(/\$defs/)
    expect(readHeaderParams({ type: 'string', 'x-mcp-header': 'A' }).problem).toMatch(/the root/)
  })

  it('have names that differ in more than case', () => {
    const twice = object({
      a: { type: 'string', 'x-mcp-header': 'Region' },
      b: { type: 'string', 'x-mcp-header': 'REGION' },
    })
    expect(readHeaderParams(twice)).toMatchObject({
      params: [{ path: ['a'] }],
      problem: expect.stringContaining('of a'),
    })
  })

  it('are not looked for in data', () => {
    const schema = object({ a: { const: { 'x-mcp-header': '' }, enum: [{ 'x-mcp-header': '' }] } })
    expect(readHeaderParams(schema)).toEqual({ params: [], problem: undefined })
  })

  it('are found in a schema that nests without end', () => {
    const endless: Record<string, unknown> = { type: 'object' }
    endless.properties = { again: endless, more: endless, a: { type: 'string', 'x-mcp-header': 'A' } }
    expect(readHeaderParams(endless).params[0]?.path).toContain('a')
  })
})
