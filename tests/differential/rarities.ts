import type { Leg } from './asked.ts'
import type { Case } from './cases.ts'

const COMMON = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' }
const STATELESS = { ...COMMON, 'mcp-protocol-version': '2026-07-28' }
const STATEFUL = { ...COMMON, 'mcp-protocol-version': '2025-11-25' }
const META = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientCapabilities': {},
}

/** Parameters whose `_meta` is of the stateless era but for the revision, which it does not name. */
const UNVERSIONED = { _meta: { 'io.modelcontextprotocol/clientCapabilities': {} } }

function post(headers: Readonly<Record<string, string>>, body: object | string): Case {
  return { verb: 'POST', headers, body: typeof body === 'string' ? body : JSON.stringify(body) }
}

const { 'mcp-protocol-version': _, ...UNNAMED } = STATEFUL
const list = { jsonrpc: '2.0', id: 1, method: 'tools/list', params: {} }
const read = { jsonrpc: '2.0', id: 2, method: 'resources/read', params: { uri: 'twin://text' } }
const look = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'look', arguments: {}, _meta: META } }
const lookHeaders = { ...STATELESS, 'mcp-method': 'tools/call', 'mcp-name': 'look' }

/** Requests in which several things come together that the generator seldom puts together. */
export const RARITIES: Readonly<Record<Leg, readonly Case[]>> = {
  stateless: [
    post({ ...lookHeaders, 'mcp-param-region': '=?base64?Z3LDvG4?=' }, look),
    post({ ...STATELESS, accept: 'text/html' }, '{'),
    post({ ...STATELESS, 'content-type': 'text/plain', accept: 'text/html' }, list),
    post(
      { ...STATELESS, 'mcp-protocol-version': '2999-01-01', 'mcp-method': 'tools/list' },
      { jsonrpc: '2.0', method: 'notifications/initialized', params: {} },
    ),
  ],
  guest: [
    post({ ...STATEFUL, 'mcp-protocol-version': '1900-01-01' }, { ...list, method: 'initialize' }),
    post(STATEFUL, { jsonrpc: '2.0', id: 1, params: {}, result: {} }),
    post(STATEFUL, { ...list, params: UNVERSIONED }),
    post(STATEFUL, { jsonrpc: '2.0', method: 'notifications/initialized', params: UNVERSIONED }),
    post(
      { ...STATEFUL, 'mcp-method': 'tools/list' },
      { jsonrpc: '2.0', method: 'notifications/initialized', params: UNVERSIONED },
    ),
    post(STATEFUL, { jsonrpc: '2.0', method: 'initialize', params: { _meta: META } }),
    post(UNNAMED, [read, list]),
    post(UNNAMED, list),
  ],
  session: [
    post({ ...STATEFUL, accept: 'text/html' }, '{'),
    post(STATEFUL, { jsonrpc: '2.0', id: 1, params: {}, result: {} }),
    post(STATEFUL, { ...list, method: 'initialize' }),
  ],
}
