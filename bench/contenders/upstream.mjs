import { fileURLToPath } from 'node:url'
import { freePort, listening, pinned } from '../server.mjs'

/**
 * The server behind a proxy: this project out of the box, in a process of its own on the processor that the load is on,
 * so that the proxy has its own as every other contender has. Gives its address.
 */
export async function startUpstream(count) {
  const port = await freePort()
  const file = fileURLToPath(new URL('ours.mjs', import.meta.url))
  const child = pinned(1, [file, String(port), String(count)], { stdio: ['ignore', 'ignore', 'inherit'] })
  process.on('exit', () => child.kill())
  for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, () => child.kill())
  await listening(port, () => {
    if (child.exitCode !== null) throw new Error('The server behind the proxy did not start')
  })
  return `http://127.0.0.1:${port}/mcp`
}
