import { describe, expect, it } from 'vitest'
import { META, REVISION, receivedOf, request } from '../../../tests/kit/stateless.ts'
import { claimsStateless } from './era.ts'

const bare = { jsonrpc: '2.0', id: 1, method: 'tools/list', params: {} }
const handshake = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'a', version: '1' } }

function claims(message: unknown, header?: string): boolean {
  return claimsStateless(receivedOf(message), header)
}

describe('which era a message is for', () => {
  it('is ours when the body carries an envelope, whatever the header says', () => {
    expect(claims(request('tools/list'))).toBe(true)
    expect(claims(request('tools/list'), '2025-11-25')).toBe(true)
  })

  it('is ours when the envelope is broken: it is refused here, not served as something older', () => {
    for (const key of ['io.modelcontextprotocol/protocolVersion', 'io.modelcontextprotocol/clientCapabilities']) {
      expect(claims({ ...bare, params: { _meta: { [key]: 7 } } })).toBe(true)
    }
  })

  it('is not ours when `_meta` holds other things only', () => {
    expect(claims({ ...bare, params: { _meta: { progressToken: 1 } } })).toBe(false)
    expect(claims({ ...bare, params: { _meta: [] } })).toBe(false)
    expect(claims(bare, '2025-11-25')).toBe(false)
    expect(claims(bare, '')).toBe(false)
    expect(claims(bare)).toBe(false)
  })

  it('is ours when only the header names this revision or an unknown newer one', () => {
    for (const version of [REVISION, ` ${REVISION}`, '2027-01-01', 'v999.0.0', 'DRAFT-2026-v1']) {
      expect(claims(bare, version)).toBe(true)
    }
  })

  it('leaves a handshake to the earlier revisions unless its envelope is in order', () => {
    const initialize = { jsonrpc: '2.0', id: 1, method: 'initialize', params: handshake }
    expect(claims(initialize)).toBe(false)
    expect(claims({ ...initialize, params: { _meta: { 'io.modelcontextprotocol/protocolVersion': REVISION } } })).toBe(
      false,
    )
    expect(
      claims({
        ...initialize,
        params: { _meta: { ...META, 'io.modelcontextprotocol/protocolVersion': '2025-11-25' } },
      }),
    ).toBe(false)
    expect(claims({ ...initialize, params: { _meta: META } })).toBe(true)
    expect(claims(initialize, REVISION)).toBe(true)
  })

  it('takes a batch with one element of ours, and the answers and rubbish that come with our header', () => {
    expect(claims([bare, request('tools/list')])).toBe(true)
    expect(claims([bare, null, 4])).toBe(false)
    expect(claims([], REVISION)).toBe(true)
    expect(claims({ jsonrpc: '2.0', id: 1, result: {} })).toBe(false)
    expect(claims({ jsonrpc: '2.0', id: 1, result: {} }, REVISION)).toBe(true)
    expect(claims({ jsonrpc: '1.0' }, REVISION)).toBe(true)
  })

  it('tells notifications apart in the same way', () => {
    const cancelled = { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 1 } }
    expect(claims(cancelled)).toBe(false)
    expect(claims(cancelled, REVISION)).toBe(true)
    expect(claims({ ...cancelled, params: { requestId: 1, _meta: META } })).toBe(true)
    const unversioned = { 'io.modelcontextprotocol/clientCapabilities': {} }
    expect(claims({ jsonrpc: '2.0', method: 'initialize', params: { _meta: unversioned } })).toBe(true)
  })
})
