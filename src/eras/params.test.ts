import { describe, expect, it } from 'vitest'
import { checkParams, isOperation, type Operation } from './params.ts'

const GOOD: [Operation, Record<string, unknown> | undefined][] = [
  ['tools/list', undefined],
  ['tools/list', { cursor: 'c' }],
  ['tools/call', { name: 'a' }],
  ['tools/call', { name: '', arguments: { '\ud800': 1 } }],
  ['resources/list', {}],
  ['resources/templates/list', { _meta: {} }],
  ['resources/read', { uri: 'a:😀' }],
  ['prompts/list', {}],
  ['prompts/get', { name: 'a', arguments: { b: 'c' } }],
  ['completion/complete', { ref: { type: 'ref/prompt', name: 'a' }, argument: { name: 'b', value: '' } }],
  [
    'completion/complete',
    {
      ref: { type: 'ref/resource', uri: 'a:{b}' },
      argument: { name: 'b', value: 'c' },
      context: { arguments: { d: 'e' } },
    },
  ],
]

const BAD: [Operation, Record<string, unknown> | undefined, member: string][] = [
  ['tools/list', { cursor: 1 }, 'cursor'],
  ['tools/call', undefined, 'name'],
  ['tools/call', { name: 'a\udfff' }, 'name'],
  ['tools/call', { name: 'a', arguments: 'x' }, 'arguments'],
  ['resources/read', { uri: null }, 'uri'],
  ['prompts/get', { name: 'a', arguments: { first: 'a', second: 2 } }, 'second'],
  ['prompts/get', { name: 'a', arguments: { ['x'.repeat(100_000)]: 2 } }, 'xxx'],
  ['completion/complete', {}, 'ref'],
  ['completion/complete', { ref: { type: 'ref/prompt' } }, 'name'],
  ['completion/complete', { ref: { type: 'ref/resource', uri: 'a' }, argument: { name: 'b' } }, 'value'],
  [
    'completion/complete',
    { ref: { type: 'ref/resource', uri: 'a' }, argument: { name: 'b', value: '' }, context: { arguments: [] } },
    'arguments',
  ],
]

describe('the parameters of an operation', () => {
  it.each(GOOD)('%s takes %j', (method, params) => {
    expect(checkParams(method, params)).toEqual(params ?? {})
  })

  it.each(BAD)('%s refuses %j, and names %s', (method, params, member) => {
    const check = () => checkParams(method, params)
    expect(check).toThrow(expect.objectContaining({ code: 'INVALID_PARAMS', message: expect.stringContaining(member) }))
    expect(check).toThrow(expect.objectContaining({ message: expect.stringMatching(/^.{1,200}$/) }))
  })

  it('are those of operations only', () => {
    for (const name of ['initialize', 'ping', 'constructor', '__proto__', '']) expect(isOperation(name)).toBe(false)
    expect(isOperation('tools/call')).toBe(true)
  })
})
