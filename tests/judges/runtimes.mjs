import { execFile, spawn } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { rolldown } from 'rolldown'
import { stop } from './child.mjs'
import { COMMAND, startFixture } from './fixture.mjs'
import { node22 } from './install.mjs'

const HERE = fileURLToPath(new URL('.', import.meta.url))
const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const CACHE = `${HERE}.cache/worker/`
const ARM = process.arch === 'arm64'

/** The program of a runtime: from its package for Linux, or else the one that this machine has by the name. */
function program(name, file) {
  const path = `${HERE}node_modules/${file}`
  return process.platform === 'linux' && existsSync(path) ? path : name
}

const NODE_24 = () => program('node', `node24-linux-${ARM ? 'arm64' : 'x64'}/bin/node`)
const BUN = () => program('bun', `@oven/bun-linux-${ARM ? 'aarch64' : 'x64'}/bin/bun`)
const DENO = () => program('deno', `@deno/linux-${ARM ? 'arm64' : 'x64'}-glibc/deno`)
const WORKERD = () => program('workerd', `@cloudflare/workerd-linux-${ARM ? 'arm64' : '64'}/bin/workerd`)

/** How a runtime starts the fixture, and how it tells what it found wrong when it went through the doors. */
export const RUNTIMES = {
  'Node 22': ofPrograms(() => [node22()]),
  'Node 24': ofPrograms(() => [NODE_24()]),
  Bun: ofPrograms(() => [BUN()]),
  Deno: ofPrograms(() => [DENO(), 'run', '--allow-all']),
  Workers: { start: startWorker, doors: ({ url }) => fetch(new URL('/doors', url)).then((told) => told.json()) },
}

function ofPrograms(command) {
  return {
    start: () => startFixture([...command(), ...COMMAND]),
    async doors() {
      const [program, ...args] = command()
      const { stdout } = await promisify(execFile)(program, [...args, `${ROOT}tests/runtimes/tell.mjs`], { cwd: ROOT })
      return [...JSON.parse(stdout), ...(await overStdio([...command(), ...COMMAND]))]
    },
  }
}

/** Asks the fixture as a program, which is asked something by it. */
async function overStdio([command, ...args]) {
  const { connect } = await import('../../dist/client/index.js')
  const outcomes = []
  for (const era of ['stateless', 'stateful']) {
    const told = await connect(
      { command, args, cwd: ROOT },
      { era, stderr: 'ignore', onElicit: () => ({ name: 'Ada' }) },
    )
      .then(async (client) => {
        const { text } = await client.callTool('test_streaming_elicitation')
        return client.close().then(() => text)
      })
      .catch((problem) => String(problem?.stack ?? problem))
    outcomes.push({ scenario: `a question over stdio, ${era}`, complaints: told.includes('Ada') ? [] : [told] })
  }
  return outcomes
}

/** The doors of the package, which a runtime goes through by itself. */
export function doors({ runtime }, fixture) {
  return RUNTIMES[runtime].doors(fixture)
}

/** Serves the fixture, but for its files, as a worker: one file with nothing of Node in reach. */
async function startWorker() {
  await bundleWorker()
  const args = ['serve', 'worker.capnp', '--socket-addr', 'http=127.0.0.1:0', '--control-fd', '3']
  const child = spawn(WORKERD(), args, { cwd: CACHE, stdio: ['ignore', 'ignore', 'pipe', 'pipe'] })
  let said = ''
  child.stderr.on('data', (chunk) => {
    said = (said + chunk).slice(-20_000)
  })
  try {
    const port = await portOf(child)
    return {
      url: `http://127.0.0.1:${port}/mcp`,
      ended: () => child.exitCode ?? child.signalCode ?? undefined,
      said: () => said,
      stop: () => stop(child, 5_000),
    }
  } catch (cause) {
    await stop(child, 0)
    throw new Error(`The worker did not start:\n${said}`, { cause })
  }
}

/** The runtime writes a line of JSON once it listens. */
function portOf(child) {
  return new Promise((resolve, reject) => {
    let heard = ''
    child.stdio[3].on('data', (chunk) => {
      heard += chunk
      const line = heard.split('\n').find((text) => text.includes('"port"'))
      if (line !== undefined) resolve(JSON.parse(line).port)
    })
    child.once('error', reject)
    child.once('exit', (code) => reject(new Error(`It ended with ${code}`)))
  })
}

async function bundleWorker() {
  const bundler = await rolldown({
    input: `${ROOT}tests/runtimes/worker.mjs`,
    platform: 'neutral',
    external: /^(node:.+|fs|path|child_process)$/,
    resolve: { conditionNames: ['workerd', 'worker', 'browser', 'import', 'default'], mainFields: ['module', 'main'] },
  })
  const { output } = await bundler.generate({ format: 'esm', codeSplitting: false })
  await bundler.close()
  mkdirSync(CACHE, { recursive: true })
  writeFileSync(`${CACHE}worker.out.mjs`, output[0].code)
  writeFileSync(`${CACHE}worker.capnp`, SETTINGS)
}

/** No flag: a worker that was not set up for Node has none of it. */
const SETTINGS = `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = .fixture)],
  sockets = [(name = "http", http = (), service = "main")]
);
const fixture :Workerd.Worker = (
  modules = [(name = "worker", esModule = embed "worker.out.mjs")],
  compatibilityDate = "2026-01-01"
);
`
