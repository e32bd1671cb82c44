import { execFileSync, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { freePort, stop } from './child.mjs'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))

/** What serves the fixture over stdio; with `--transport http` and more over HTTP. */
export const COMMAND = [`${ROOT}dist/cli/main.js`, 'run', `${ROOT}examples/everything/server.ts`]

/** Builds the product unless the build is younger than every source file. */
export function build() {
  execFileSync(process.execPath, [`${ROOT}scripts/build.mjs`, '--if-needed'], { stdio: 'inherit' })
}

/** A proxy of the fixture at `url`, which it asks in the way of an era. */
export function startProxy(url, era) {
  const command = [process.execPath, `${ROOT}dist/cli/main.js`, 'run', `${ROOT}examples/everything-proxy/server.ts`]
  return startFixture(command, { EVERYTHING_URL: url, EVERYTHING_ERA: era })
}

/** The fixture over HTTP, in a process of its own, run by this machine's own Node if by no other program. */
export async function startFixture([program, ...rest] = [process.execPath, ...COMMAND], env = {}) {
  const port = await freePort()
  const args = [...rest, '--transport', 'http', '--host', '127.0.0.1', '--port', String(port)]
  const child = spawn(program, args, {
    cwd: ROOT,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let said = ''
  child.stderr.on('data', (chunk) => {
    said = (said + chunk).slice(-20_000)
  })
  const fixture = {
    url: `http://127.0.0.1:${port}/mcp`,
    /** Undefined while it lives. */
    ended: () => child.exitCode ?? child.signalCode ?? undefined,
    said: () => said,
    stop: () => stop(child, 12_000),
  }
  try {
    await healthy(port, fixture)
    return fixture
  } catch (cause) {
    await fixture.stop()
    throw cause
  }
}

async function healthy(port, fixture) {
  const deadline = Date.now() + 30_000
  for (;;) {
    if (fixture.ended() !== undefined) throw new Error(`The fixture did not start:\n${fixture.said()}`)
    const ok = await fetch(`http://127.0.0.1:${port}/health`).then(
      (response) => response.ok,
      () => false,
    )
    if (ok) return
    if (Date.now() > deadline) throw new Error(`The fixture is not healthy after 30 s:\n${fixture.said()}`)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}
