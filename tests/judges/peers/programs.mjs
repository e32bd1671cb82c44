import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { freePort, stop } from '../child.mjs'

const ROOT = fileURLToPath(new URL('../../../', import.meta.url))
const MODULES = fileURLToPath(new URL('../node_modules/', import.meta.url))

/** The official server that has everything, on its standard input and output. */
export const EVERYTHING = {
  command: process.execPath,
  args: [`${MODULES}@modelcontextprotocol/server-everything/dist/index.js`, 'stdio'],
}

/** A server of ours, on its standard input and output. */
export const LIBRARY = { command: process.execPath, args: [`${ROOT}tests/fixtures/library.mjs`] }

/** The official server over HTTP. */
export async function everythingOverHttp() {
  const port = await freePort()
  const [program] = EVERYTHING.args
  return running([program, 'streamableHttp'], {
    env: { PORT: String(port) },
    ready: 'listening on port',
    path: `:${port}/mcp`,
  })
}

/** A server of ours over HTTP. */
export async function libraryOverHttp() {
  const port = await freePort()
  const args = [...LIBRARY.args, '--transport', 'http', '--port', String(port)]
  return running(args, { ready: `:${port}`, path: `:${port}/mcp` })
}

/** The proxy before a program. */
export async function proxied({ command, args }, flags = []) {
  const port = await freePort()
  const proxy = `${MODULES}mcp-proxy/dist/bin/mcp-proxy.mjs`
  const all = [proxy, '--host', '127.0.0.1', '--port', String(port), ...flags, '--', command, ...args]
  return running(all, { ready: undefined, path: `:${port}/mcp`, port })
}

async function running(args, { env, ready, path, port }) {
  const child = spawn(process.execPath, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => {
      said = (said + text).slice(-20_000)
    })
  }
  const server = { url: `http://127.0.0.1${path}`, said: () => said, stop: () => stop(child, 5_000) }
  const deadline = Date.now() + 30_000
  while (ready === undefined ? !(await answers(port)) : !said.includes(ready)) {
    if (child.exitCode !== null || Date.now() > deadline) throw new Error(`It does not start:\n${said}`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  return server
}

const answers = (port) =>
  fetch(`http://127.0.0.1:${port}/ping`).then(
    (response) => response.ok,
    () => false,
  )

/** Resolves once `holds` does. */
export async function until(holds, ms = 15_000) {
  const deadline = Date.now() + ms
  while (!holds()) {
    if (Date.now() > deadline) throw new Error(`It did not happen within ${ms} ms: ${holds}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
