import type { Agent, IncomingMessage } from 'node:http'
import type { LookupFunction } from 'node:net'
import type { ReadableStream as NodeStream } from 'node:stream/web'
import type { Send } from './guarded-fetch.ts'
import type { Lookup } from './lookup.ts'
import { responseOf } from './node-response.ts'

const { Agent: HttpAgent, request: openHttp } = process.getBuiltinModule('node:http')
const { Agent: HttpsAgent, request: openHttps } = process.getBuiltinModule('node:https')
const { Readable } = process.getBuiltinModule('node:stream')
const { pipeline } = process.getBuiltinModule('node:stream/promises')

/** Who keeps a connection for longer than this finds it closed by the other side too often. */
const IDLE_MS = 4_000
const MOST_IDLE = 16

/** Belong to the connection; they are written here. */
const OURS: readonly string[] = [
  'accept-encoding',
  'connection',
  'content-length',
  'expect',
  'host',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]

/** How names are looked up: those that may lead anywhere, and those whose addresses are checked. */
export interface Lookups {
  readonly free: Lookup
  readonly guarded: Lookup
}

/** Sends by sockets of Node that are connected to the very addresses that were looked up. */
export function createNodeSender(lookups: Lookups): Send {
  // What may lead anywhere has connections of its own, so that nothing else ever gets one of them.
  const free = agentsFor(lookUpFor(lookups.free))
  const guarded = agentsFor(lookUpFor(lookups.guarded))
  return (url, init, isFree) => send(url, init, isFree ? free : guarded)
}

interface Agents {
  readonly http: Agent
  readonly https: Agent
}

function agentsFor(lookup: LookupFunction): Agents {
  const options = { lookup, keepAlive: true, maxFreeSockets: MOST_IDLE, timeout: IDLE_MS }
  return { http: new HttpAgent(options), https: new HttpsAgent(options) }
}

/** As sockets ask: for all addresses, or for one of a family. */
function lookUpFor(lookup: Lookup): LookupFunction {
  return (hostname, { all, family }, done) => {
    const isWanted = family === 4 || family === 6 ? (one: { family: number }) => one.family === family : () => true
    const give = (addresses: readonly { address: string; family: number }[]): void => {
      const [first, ...rest] = addresses.filter(isWanted)
      if (first === undefined) done(Object.assign(new Error('No such address'), { code: 'ENOTFOUND' }), '')
      else if (all === true) done(null, [first, ...rest])
      else done(null, first.address, first.family)
    }
    lookup(hostname).then(give, (problem: NodeJS.ErrnoException) => done(problem, ''))
  }
}

async function send(url: URL, init: RequestInit, agents: Agents): Promise<Response> {
  // It knows what the many forms of a body are in bytes, and their type.
  const request = new Request(url, { ...init, signal: null })
  const stream = init.body instanceof ReadableStream ? request.body : null
  const bytes = stream === null && request.body !== null ? new Uint8Array(await request.arrayBuffer()) : undefined
  const headers = headersOf(request, bytes?.length)
  const isSecure = url.protocol === 'https:'
  return new Promise((resolve, reject) => {
    const options = { method: request.method, headers, agent: isSecure ? agents.https : agents.http }
    const outgoing = (isSecure ? openHttps : openHttp)(url, init.signal ? { ...options, signal: init.signal } : options)
    outgoing.on('error', reject)
    // Where the other side only closes, or changes to another protocol.
    outgoing.on('close', () => reject(new Error('The connection was closed without an answer')))
    outgoing.on('response', (incoming: IncomingMessage) => {
      try {
        resolve(responseOf(incoming, request.method))
      } catch (problem) {
        outgoing.destroy()
        reject(problem)
      }
    })
    if (stream === null) outgoing.end(bytes)
    // The types of Node and of the web differ in their words for one and the same stream.
    else pipeline(Readable.fromWeb(stream as NodeStream), outgoing).catch(reject)
  })
}

function headersOf({ headers }: Request, length: number | undefined): Record<string, string> {
  const all = Object.fromEntries(headers)
  for (const name of OURS) delete all[name]
  all.accept ??= '*/*'
  all['user-agent'] ??= 'fastmcp'
  all['accept-encoding'] = 'gzip, deflate, br'
  if (length !== undefined) all['content-length'] = String(length)
  return all
}
