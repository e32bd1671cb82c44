import { describeForecast, tools } from '../tools.mjs'

// This project, out of the box, from its own build or from the one that BENCH_DIST names. With
// `layers`: three async middlewares around every call, and a handler that touches the context
// and its signal. With `kit`: five layers of the kit as they come, each doing all of its work: lines are
// formatted for a sink that does nothing with them; every call is another one to the cache, which keeps each
// result. One page takes the whole list, as it does with everybody else.
const [port, count, layers] = process.argv.slice(2)
const { FastMCP } = await import(process.env.BENCH_DIST ?? '../../dist/index.js')
const mcp = new FastMCP({ name: 'bench', version: '1.0.0', pageSize: 1000 })

if (layers === 'layers') {
  for (let i = 0; i < 3; i++) mcp.use(async (_call, next) => await next())
}

if (layers === 'kit') {
  const kit = new URL('middleware/index.js', new URL(process.env.BENCH_DIST ?? '../../dist/index.js', import.meta.url))
  const { cache, errors, logging, on, rateLimit, timing } = await import(kit.href)
  mcp.use(errors([on(RangeError, (problem) => problem)]))
  mcp.use(logging({ sink: () => undefined }))
  mcp.use(timing({ onTiming: () => undefined }))
  mcp.use(rateLimit({ limit: 1_000_000, per: 1_000 }))
  // Ids begin anew in every round, and would be known by then.
  let asked = 0
  const vary = () => String(++asked)
  mcp.use('tools/call', cache({ ttl: 60_000, vary }))
}
const annotations = layers === 'kit' ? { readOnlyHint: true } : undefined

const touching = (args, ctx) => {
  ctx.signal.throwIfAborted()
  ctx.state.set('asked', ctx.requestId)
  return describeForecast(args)
}
const handler = layers === 'layers' ? touching : describeForecast
for (const { name, description, input } of tools(Number(count)))
  mcp.tool(name, { description, input, ...(annotations && { annotations }) }, handler)

await mcp.run({ transport: 'http', host: '127.0.0.1', port: Number(port) })
