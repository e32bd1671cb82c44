import { describeForecast, tools } from '../tools.mjs'

// This project with ten tools of its own, or with `mounts` with a hundred of each of fifty servers that are mounted under
// namespaces. Either way one page is ten tools, and the tool that is called has the same name.
const [port, , shape] = process.argv.slice(2)
const { FastMCP } = await import(process.env.BENCH_DIST ?? '../../dist/index.js')
const mcp = new FastMCP({ name: 'bench', version: '1.0.0', pageSize: 10 })

const register = (server, list, prefix = '') => {
  for (const { name, description, input } of list)
    server.tool(`${prefix}${name}`, { description, input }, describeForecast)
}

if (shape === 'mounts') {
  for (let i = 0; i < 50; i++) {
    const child = new FastMCP({ name: `child ${i}`, version: '1.0.0' })
    register(child, tools(100))
    mcp.mount(`m${i}`, child)
  }
} else register(mcp, tools(30).slice(20), 'm26_')

await mcp.run({ transport: 'http', host: '127.0.0.1', port: Number(port) })
