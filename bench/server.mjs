import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import { INITIALIZE } from './workloads.mjs'

const path = (name) => fileURLToPath(new URL(name, import.meta.url))

/** Runs Node on one processor where `taskset` exists, so that server and load do not take turns on one. */
export function pinned(processor, args, options) {
  const taskset = ['/usr/bin/taskset', '/bin/taskset'].find(existsSync)
  return taskset === undefined
    ? spawn(process.execPath, args, options)
    : spawn(taskset, ['-c', String(processor), process.execPath, ...args], options)
}

/** Starts a contender in a process of its own and resolves once it listens. */
export async function start(contender, count, nodeFlags = []) {
  const port = await freePort()
  const args = [...nodeFlags, path(`contenders/${contender.file}.mjs`), String(port), String(count)]
  if (contender.extra) args.push(contender.extra)
  const env = { ...process.env, ...contender.env }
  const child = pinned(0, args, { env, stdio: ['ignore', 'ignore', 'pipe'] })
  let complaint = ''
  child.stderr.on('data', (chunk) => {
    complaint = (complaint + chunk).slice(-2000)
  })
  await listening(port, () => {
    if (child.exitCode !== null) throw new Error(`${contender.id} did not start:\n${complaint}`)
  })
  const session = contender.session ? await openSession(port) : undefined
  const target = { port, era: contender.era, revision: contender.revision, session, count }
  return { contender, child, target }
}

/** Ends a contender and waits until it is gone. */
export async function stop({ child }) {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGTERM')
  const late = setTimeout(() => child.kill('SIGKILL'), 3000)
  await gone
  clearTimeout(late)
}

/** Seconds of processor time that a contender has used; undefined where there is no /proc. */
export function processorSeconds({ child }) {
  const file = `/proc/${child.pid}/stat`
  if (!existsSync(file)) return undefined
  const fields = readFileSync(file, 'latin1').split(') ')[1].split(' ')
  const [user, system] = [fields[11], fields[12]].map(Number)
  return (user + system) / TICKS_PER_SECOND
}

const TICKS_PER_SECOND = 100

async function openSession(port) {
  const response = await fetch(`http://127.0.0.1:${port}/mcp`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
    body: JSON.stringify(INITIALIZE),
  })
  await response.text()
  return response.headers.get('mcp-session-id')
}

/** Waits until somebody accepts connections at a port; `check` throws when nobody will. */
export async function listening(port, check) {
  const deadline = Date.now() + 20_000
  for (;;) {
    check()
    const up = await accepts(port)
    if (up) return
    if (Date.now() > deadline) throw new Error(`Nobody listens on port ${port} after 20 s`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

function accepts(port) {
  const socket = connect({ port, host: '127.0.0.1' })
  return new Promise((resolve) => {
    socket.on('connect', () => resolve(true))
    socket.on('error', () => resolve(false))
  }).finally(() => socket.destroy())
}

/** A port that nobody listens at. */
export function freePort() {
  const probe = createServer()
  return new Promise((resolve, reject) => {
    probe.on('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address()
      probe.close(() => resolve(port))
    })
  })
}
