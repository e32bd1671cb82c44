import { createServer } from 'node:http'
import { describeForecast, listed } from '../tools.mjs'

// No MCP at all: the least that any server on node:http must do. It reads, parses, looks at
// the method, stringifies, writes. With `prepared` the list is bytes made beforehand.
const [port, count, prepared] = process.argv.slice(2)

const TOOLS = listed(Number(count))
const LIST = { tools: TOOLS, ttlMs: 0, cacheScope: 'public', resultType: 'complete' }
const LIST_BYTES = prepared === 'prepared' ? Buffer.from(`${JSON.stringify(LIST)}}`) : undefined

createServer((request, response) => {
  const chunks = []
  request.on('data', (chunk) => chunks.push(chunk))
  request.on('end', () => {
    const { id, method, params } = JSON.parse(chunks.length === 1 ? chunks[0] : Buffer.concat(chunks))
    const body = method === 'tools/list' ? list(id) : call(id, params)
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length })
    response.end(body)
  })
}).listen(Number(port), '127.0.0.1')

const list = (id) =>
  LIST_BYTES === undefined
    ? Buffer.from(JSON.stringify({ jsonrpc: '2.0', id, result: LIST }))
    : Buffer.concat([Buffer.from(`{"jsonrpc":"2.0","id":${id},"result":`), LIST_BYTES])

const call = (id, { arguments: args }) =>
  Buffer.from(
    JSON.stringify({
      jsonrpc: '2.0',
      id,
      result: { content: [{ type: 'text', text: describeForecast(args) }], resultType: 'complete' },
    }),
  )
