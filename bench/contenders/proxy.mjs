import { startUpstream } from './upstream.mjs'

// This project as a proxy of a server on the same machine, over HTTP.
const [port, count] = process.argv.slice(2)
const dist = process.env.BENCH_DIST ?? new URL('../../dist/index.js', import.meta.url).href
const { FastMCP } = await import(dist)
const { proxy } = await import(new URL('providers/proxy/index.js', dist).href)

const mcp = new FastMCP({ name: 'bench', version: '1.0.0', pageSize: 1000 })
mcp.mount(proxy(await startUpstream(count)))
await mcp.run({ transport: 'http', host: '127.0.0.1', port: Number(port) })
