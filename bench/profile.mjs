import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openLoad } from './generator.mjs'
import { processorSeconds, start, stop } from './server.mjs'

const PROFILED = new URL('profiled.mjs', import.meta.url).href

/** Runs one contender under V8's profiler and tells where the time went: by owner, then by function. */
export async function profile(contender, order) {
  const folder = mkdtempSync(join(tmpdir(), 'bench-profile-'))
  process.env.BENCH_PROFILE = join(folder, 'profile.json')
  const server = await start(contender, order.count, ['--import', PROFILED])
  const load = openLoad()
  try {
    await load.run({ ...server.target, ...order, ms: 3000 })
    server.child.kill('SIGUSR2')
    const before = processorSeconds(server)
    const { answers } = await load.run({ ...server.target, ...order, ms: 4000 })
    const micros = before === undefined ? undefined : ((processorSeconds(server) - before) / answers) * 1e6
    await stop(server)
    return tell(JSON.parse(readFileSync(process.env.BENCH_PROFILE, 'utf8')), micros)
  } finally {
    load.close()
    await stop(server)
    rmSync(folder, { recursive: true })
  }
}

function tell(profile, micros) {
  const owners = selfTimes(profile, ({ functionName, url }) => ownerOf(functionName, url))
  const functions = selfTimes(profile, ({ functionName, url, lineNumber }) => {
    const where = url === '' ? '' : `${shorten(url)}:${lineNumber + 1}`
    return `${functionName || '(anonymous)'}  ${where}`
  })
  const about = micros === undefined ? '' : `${micros.toFixed(1)} µs of processor time per request, profiled\n\n`
  return `${about}${table(owners, micros)}\n\n${table(functions.slice(0, 40), micros)}`
}

/** Waiting, and the profiler's own starting and stopping. */
const NOT_WORK = new Set(['(idle)', 'dispatch'])
/** A sample that stands for more was late because another process had the processor. */
const LONGEST_MICROS = 1000

/** Time by label, largest first, as parts of the time in which something ran. */
function selfTimes({ nodes, samples, timeDeltas }, labelOf) {
  const frames = new Map(nodes.map((node) => [node.id, node.callFrame]))
  const times = new Map()
  let total = 0
  samples.forEach((id, i) => {
    const frame = frames.get(id)
    if (NOT_WORK.has(frame.functionName)) return
    const label = labelOf(frame)
    const time = Math.min(timeDeltas[i], LONGEST_MICROS)
    times.set(label, (times.get(label) ?? 0) + time)
    total += time
  })
  return [...times].map(([label, time]) => [label, time / total]).sort((a, b) => b[1] - a[1])
}

function ownerOf(functionName, url) {
  if (functionName === '(garbage collector)') return 'garbage collection'
  if (url === '') return 'V8 and system calls'
  if (url.startsWith('node:')) return 'node:http and the rest of Node'
  const [, name] = /\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(url) ?? []
  return name ?? (url.includes('/dist/') ? `@fastmcp/ts ${/\/dist\/([^/]+)/.exec(url)[1]}` : 'the handler')
}

const shorten = (url) => url.replace(/^.*\/(dist|node_modules|contenders)\//, '$1/')

const table = (rows, micros) =>
  rows
    .map(([label, part]) => {
      const time = micros === undefined ? '' : `${(part * micros).toFixed(2).padStart(7)} µs`
      return `${(100 * part).toFixed(1).padStart(5)} % ${time}  ${label}`
    })
    .join('\n')
