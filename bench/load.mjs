import { connect } from 'node:net'
import { median } from './report.mjs'
import { answerIn, readResponse } from './response.mjs'
import { FIRST_ID, prepare, WORKLOADS } from './workloads.mjs'

/**
 * The load generator, a process of its own: keeps `connections` sockets busy with one request
 * each for `ms` milliseconds and counts the answers that were complete and right. With
 * `answers` it goes on until there were so many, but never longer than `mostMs`.
 */
process.on('message', async (order) => {
  try {
    process.send(await load(order))
  } catch (cause) {
    process.send({ problem: cause.message })
  }
})

async function load({ ms, answers = 0, mostMs = ms, connections, ...target }) {
  const begun = performance.now()
  const round = {
    target,
    count: 0,
    // One after another they tell how long each takes; many at once wait for one another.
    latencies: connections === 1 ? [] : undefined,
    nextId: FIRST_ID,
    goesOn() {
      const spent = performance.now() - begun
      return spent < ms || (this.count < answers && spent < mostMs)
    },
  }
  await Promise.all(Array.from({ length: connections }, () => converse(round)))
  const seconds = (performance.now() - begun) / 1000
  return { answers: round.count, seconds, p50: round.latencies && median(round.latencies) }
}

/** One connection: asks, checks the answer, asks again, until the time is over. */
function converse(round) {
  const { target } = round
  const { bytes, idAt } = prepare(target.workload, target)
  const seen = { before: undefined, after: undefined }
  const { promise, resolve, reject } = withResolvers()
  const socket = connect({ port: target.port, host: '127.0.0.1', noDelay: true })
  let id = ''
  let asked = 0
  let pending
  const ask = () => {
    id = String(round.nextId++)
    bytes.latin1Write(id, idAt)
    asked = performance.now()
    socket.write(bytes)
  }
  const hear = (chunk) => {
    pending = pending ? Buffer.concat([pending, chunk]) : chunk
    const response = readResponse(pending)
    if (response === undefined) return
    if (response.size !== pending.length) throw new Error('More bytes than one answer')
    pending = undefined
    if (!matches(response, seen, id)) verify(response, seen, { id, target })
    round.count++
    round.latencies?.push(performance.now() - asked)
    if (round.goesOn()) return ask()
    socket.destroy()
    resolve()
  }
  socket.on('connect', ask)
  socket.on('data', (chunk) => {
    try {
      hear(chunk)
    } catch (cause) {
      socket.destroy()
      reject(cause)
    }
  })
  socket.on('error', reject)
  socket.on('end', () => reject(new Error('The server closed a connection')))
  return promise
}

/** The cheap check: the bytes of a verified answer, but for the id. */
function matches({ status, body }, { before, after }, id) {
  if (status !== 200 || before === undefined) return false
  const idEnd = before.length + id.length
  return (
    body.length === idEnd + after.length &&
    body.latin1Slice(before.length, idEnd) === id &&
    before.equals(body.subarray(0, before.length)) &&
    after.equals(body.subarray(idEnd))
  )
}

/** The whole check; remembers the bytes for the cheap one. */
function verify(response, seen, { id, target }) {
  if (response.status !== 200) throw new Error(`Status ${response.status}: ${response.body.toString().slice(0, 300)}`)
  const answer = answerIn(response)
  if (answer.id !== Number(id)) throw new Error(`Answer to ${answer.id} instead of ${id}`)
  if (!WORKLOADS[target.workload].check(answer, target.count)) {
    throw new Error(`Wrong answer: ${JSON.stringify(answer).slice(0, 300)}`)
  }
  const at = response.body.indexOf(id)
  seen.before = Buffer.from(response.body.subarray(0, at))
  seen.after = Buffer.from(response.body.subarray(at + id.length))
}

function withResolvers() {
  let resolve
  let reject
  const promise = new Promise((yes, no) => {
    resolve = yes
    reject = no
  })
  return { promise, resolve, reject }
}
