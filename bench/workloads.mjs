import { ARGUMENTS, CALLED, describeForecast } from './tools.mjs'

/** Ids have one width, so that a prepared request stays valid when its id is overwritten. */
export const FIRST_ID = 100_000_000

const STATELESS = '2026-07-28'
const STATEFUL = '2025-11-25'

const ENVELOPE = {
  'io.modelcontextprotocol/protocolVersion': STATELESS,
  'io.modelcontextprotocol/clientInfo': { name: 'bench', version: '1.0.0' },
  'io.modelcontextprotocol/clientCapabilities': {},
}

/** What is asked, and how an answer is known to be right. `count` is the number of tools registered. */
export const WORKLOADS = {
  call: {
    method: 'tools/call',
    params: { name: CALLED, arguments: ARGUMENTS },
    check: ({ result }) =>
      result?.isError !== true &&
      result?.content?.length === 1 &&
      result.content[0].text === describeForecast(ARGUMENTS),
  },
  mounted: {
    method: 'tools/call',
    params: { name: `m26_${CALLED}`, arguments: ARGUMENTS },
    check: ({ result }) => result?.isError !== true && result?.content?.[0]?.text === describeForecast(ARGUMENTS),
  },
  page: {
    method: 'tools/list',
    params: {},
    check: ({ result }, count) =>
      result?.tools?.length === count &&
      result.tools.every(
        (tool) => tool.description.startsWith('Forecast number') && tool.inputSchema.properties.days.maximum === 14,
      ),
  },
  list: {
    method: 'tools/list',
    params: {},
    check: ({ result }, count) =>
      result?.nextCursor === undefined &&
      result?.tools?.length === count &&
      result.tools.every(
        (tool, i) =>
          tool.name === `forecast_${i}` &&
          tool.description.includes(`number ${i}:`) &&
          tool.inputSchema.properties.days.maximum === 14,
      ),
  },
}

/**
 * One HTTP request as bytes, and where in them the nine digits of the id are. `era` is ours;
 * `revision` narrows it for a server that knows only older ones.
 */
export function prepare(workload, { port, era, revision = era === 'stateless' ? STATELESS : STATEFUL, session }) {
  const { method, params } = WORKLOADS[workload]
  const sent = era === 'stateless' ? { ...params, _meta: ENVELOPE } : params
  const body = JSON.stringify({ jsonrpc: '2.0', id: FIRST_ID, method, params: sent })
  const all = {
    host: `127.0.0.1:${port}`,
    connection: 'keep-alive',
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
    'user-agent': 'bench',
    'mcp-protocol-version': revision,
    ...(era === 'stateless' && { 'mcp-method': method, ...(params.name && { 'mcp-name': params.name }) }),
    ...(session && { 'mcp-session-id': session }),
    'content-length': Buffer.byteLength(body),
  }
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`)
  const bytes = Buffer.from(`POST /mcp HTTP/1.1\r\n${lines.join('')}\r\n${body}`)
  return { bytes, idAt: bytes.indexOf(String(FIRST_ID)) }
}

/** The handshake of a server that must have a session. */
export const INITIALIZE = {
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: { protocolVersion: STATEFUL, capabilities: {}, clientInfo: { name: 'bench', version: '1.0.0' } },
}
