import { describeForecast, tools } from '../tools.mjs'

// This project, out of the box, from its own build or from the one that BENCH_DIST names. With
// `layers`: three async middlewares around every call, and a handler that touches the context
// and its signal. One page takes the whole list, as it does with everybody else.
const [port, count, layers] = process.argv.slice(2)
const { FastMCP } = await import(process.env.BENCH_DIST ?? '../../dist/index.js')
const mcp = new FastMCP({ name: 'bench', version: '1.0.0', pageSize: 1000 })

if (layers === 'layers') {
  for (let i = 0; i < 3; i++) mcp.use(async (_call, next) => await next())
}

const touching = (args, ctx) => {
  ctx.signal.throwIfAborted()
  ctx.state.set('asked', ctx.requestId)
  return describeForecast(args)
}
const handler = layers === 'layers' ? touching : describeForecast
for (const { name, description, input } of tools(Number(count))) mcp.tool(name, { description, input }, handler)

await mcp.run({ transport: 'http', host: '127.0.0.1', port: Number(port) })
