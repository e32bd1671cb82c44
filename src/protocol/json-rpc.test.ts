import { describe, expect, it } from 'vitest'
import { receive } from './json-rpc.ts'

describe('receive', () => {
  it('tells requests, notifications and responses apart', () => {
    expect(receive({ jsonrpc: '2.0', id: 1, method: 'ping' }).kind).toBe('request')
    expect(receive({ jsonrpc: '2.0', id: 'a', method: 'ping', params: {} }).kind).toBe('request')
    expect(receive({ jsonrpc: '2.0', method: 'notifications/initialized' }).kind).toBe('notification')
    expect(receive({ jsonrpc: '2.0', id: 1, result: {} }).kind).toBe('response')
    expect(receive({ jsonrpc: '2.0', error: { code: 1, message: 'x' } }).kind).toBe('response')
  })

  it.each([null, 42, 'x', true, {}, [], undefined])('calls %j invalid, without an id', (value) => {
    expect(receive(value)).toEqual({ kind: 'invalid', reason: expect.any(String) })
  })

  it.each([undefined, '1.0', 2, 2.0])('calls jsonrpc %j invalid and keeps the id for the answer', (jsonrpc) => {
    expect(receive({ jsonrpc, id: 7, method: 'ping' })).toMatchObject({ kind: 'invalid', id: 7 })
  })

  it.each([null, 1.5, true, [], {}, Number.POSITIVE_INFINITY, 2 ** 53, 'x'.repeat(257)])(
    'calls id %j invalid and never repeats it',
    (id) => expect(receive({ jsonrpc: '2.0', id, method: 'ping' })).not.toHaveProperty('id'),
  )

  it.each(['Method', 'JSONRPC', 'Id', 'param\u017f'])('refuses the look-alike member %s', (key) => {
    expect(receive({ jsonrpc: '2.0', id: 1, method: 'ping', [key]: 'x' }).kind).toBe('invalid')
  })

  it.each(['result', 'error'])('refuses what could be a request and a response: a method beside %s', (key) => {
    const message = { jsonrpc: '2.0', id: 1, method: 'ping', [key]: { code: 1, message: 'x' } }
    expect(receive(message)).toMatchObject({ kind: 'invalid', id: 1 })
  })

  it('refuses params that are no object and responses that are both good and bad', () => {
    expect(receive({ jsonrpc: '2.0', id: 1, method: 'ping', params: [] }).kind).toBe('invalid')
    expect(receive({ jsonrpc: '2.0', id: 1, result: {}, error: { code: 1, message: 'x' } }).kind).toBe('invalid')
  })
})
