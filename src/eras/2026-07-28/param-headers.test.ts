import { describe, expect, it } from 'vitest'
import type { ToolDefinition } from '../../protocol/definitions.ts'
import { paramHeaderProblem } from './param-headers.ts'

const tool: ToolDefinition = {
  name: 'query',
  inputSchema: {
    type: 'object',
    properties: {
      region: { type: 'string', 'x-mcp-header': 'Region' },
      level: { type: 'integer', 'x-mcp-header': 'Level' },
      dry: { type: 'boolean', 'x-mcp-header': 'Dry' },
      where: { type: 'object', properties: { tenant: { type: 'string', 'x-mcp-header': 'Tenant' } } },
      plain: { type: 'string' },
    },
  },
}

function check(
  args: unknown,
  headers: Record<string, string> = {},
  definition: ToolDefinition = tool,
): number | undefined {
  return paramHeaderProblem(definition, args, { header: (name) => headers[name] })?.rpcCode
}

describe('headers that repeat arguments', () => {
  it('are required exactly where there is a value', () => {
    expect(check({ region: 'us' })).toBe(-32020)
    expect(check({ region: 'us' }, { 'mcp-param-region': 'us' })).toBeUndefined()
    expect(check({ region: '' })).toBe(-32020)
    expect(check({ region: '' }, { 'mcp-param-region': '' })).toBeUndefined()
    for (const args of [undefined, null, [], 'text', {}, { region: null }, { plain: 'x' }]) {
      expect(check(args)).toBeUndefined()
    }
  })

  it('are ignored where there is no value, if they can be read', () => {
    expect(check({}, { 'mcp-param-region': 'us' })).toBeUndefined()
    expect(check({}, { 'mcp-param-region': 'é' })).toBe(-32020)
    expect(check({ plain: 'x' }, { 'mcp-param-plain': 'y' })).toBeUndefined()
  })

  it('say the same as the body, in its spelling', () => {
    expect(check({ region: 'us' }, { 'mcp-param-region': 'US' })).toBe(-32020)
    expect(check({ region: 'us' }, { 'mcp-param-region': 'us, us' })).toBe(-32020)
    expect(check({ region: 'us' }, { 'mcp-param-region': '  us\t' })).toBeUndefined()
    expect(check({ region: '世界' }, { 'mcp-param-region': '=?base64?5LiW55WM?=' })).toBeUndefined()
    expect(check({ region: 'Hello' }, { 'mcp-param-region': '=?base64?SGVsbG8?=' })).toBe(-32020)
    expect(check({ region: '=?base64?SGVsbG8=' }, { 'mcp-param-region': '=?base64?SGVsbG8=' })).toBeUndefined()
  })

  it('compare numbers as numbers', () => {
    expect(check({ level: 42 }, { 'mcp-param-level': '42.0' })).toBeUndefined()
    expect(check({ level: -7 }, { 'mcp-param-level': '-7' })).toBeUndefined()
    expect(check({ level: 42 }, { 'mcp-param-level': '43' })).toBe(-32020)
    expect(check({ level: 42 }, { 'mcp-param-level': '0x2a' })).toBe(-32020)
    expect(check({ level: 42 }, { 'mcp-param-level': '' })).toBe(-32020)
    expect(check({ level: '42' }, { 'mcp-param-level': '42' })).toBeUndefined()
    expect(check({ level: 2 ** 53 }, { 'mcp-param-level': '9007199254740993' })).toBe(-32020)
  })

  it('write booleans in lower case', () => {
    expect(check({ dry: true }, { 'mcp-param-dry': 'true' })).toBeUndefined()
    expect(check({ dry: true }, { 'mcp-param-dry': 'True' })).toBe(-32020)
    expect(check({ dry: false }, { 'mcp-param-dry': '' })).toBe(-32020)
  })

  it('reach into objects, and only through their own properties', () => {
    expect(check({ where: { tenant: 'a' } })).toBe(-32020)
    expect(check({ where: { tenant: 'a' } }, { 'mcp-param-tenant': 'a' })).toBeUndefined()
    expect(check({ where: ['a'] })).toBeUndefined()
    const inherited = { name: 'x', inputSchema: schemaOf({ toString: { type: 'string', 'x-mcp-header': 'X' } }) }
    expect(check({}, {}, inherited)).toBeUndefined()
  })

  it('leave a value of the wrong kind to the tool, which can say what is wrong', () => {
    expect(check({ region: { a: 1 } })).toBeUndefined()
    expect(check({ region: ['us'] })).toBeUndefined()
  })

  it.each([
    ['an empty name', { type: 'string', 'x-mcp-header': '' }],
    ['a name that is no token', { type: 'string', 'x-mcp-header': 'a b' }],
    ['a name with a line break', { type: 'string', 'x-mcp-header': 'a\r\nb' }],
    ['a name that is no text', { type: 'string', 'x-mcp-header': 7 }],
    ['an object', { type: 'object', 'x-mcp-header': 'A' }],
    ['a list', { type: 'array', items: { type: 'string', 'x-mcp-header': 'A' } }],
    ['a branch', { anyOf: [{ type: 'string', 'x-mcp-header': 'A' }] }],
  ])('mean nothing on %s', (_, property) => {
    expect(check({ a: 'value' }, {}, { name: 'x', inputSchema: schemaOf({ a: property }) })).toBeUndefined()
  })

  it('survive a schema without properties and one that nests without end', () => {
    expect(check({ a: 1 }, {}, { name: 'x', inputSchema: { type: 'object' } })).toBeUndefined()
    const endless: Record<string, unknown> = { type: 'object' }
    endless.properties = { again: endless }
    expect(check({ a: 1 }, {}, { name: 'x', inputSchema: schemaOf({ endless }) })).toBeUndefined()
  })
})

function schemaOf(properties: Record<string, unknown>): ToolDefinition['inputSchema'] {
  return { type: 'object', properties }
}
