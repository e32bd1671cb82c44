import { createServer, connect as dial, type Server, type Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { Client as ClientV2, StreamableHTTPClientTransport as HttpV2 } from '@modelcontextprotocol/client'
import { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js'
import type { StdioClientTransport as AnyV1 } from '@modelcontextprotocol/sdk/client/stdio.js'
import { StreamableHTTPClientTransport as HttpV1 } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { connect } from '../../src/client/index.ts'
import { FastMCP } from '../../src/index.ts'
import type { Listening } from '../../src/transports/node/listen.ts'

type Call = (name: string, onProgress?: (message: string | undefined) => void) => Promise<string>
interface Peer {
  readonly call: Call
  close(): Promise<void>
}

const SELF = { name: 'peer', version: '1.0.0' }
const words = (result: unknown): string => (result as { content: { text: string }[] }).content[0]?.text ?? ''

const PEERS: Readonly<Record<string, (url: string) => Promise<Peer>>> = {
  'of the official v1': async (url) => {
    const client = new ClientV1(SELF)
    // Its own interface and transports disagree about `undefined`.
    await client.connect(new HttpV1(new URL(url)) as unknown as AnyV1)
    return {
      call: async (name, onProgress) =>
        words(
          await client.callTool(
            { name },
            undefined,
            onProgress && { onprogress: ({ message }) => onProgress(message) },
          ),
        ),
      close: () => client.close(),
    }
  },
  'of the official v2': async (url) => {
    const client = new ClientV2(SELF, { versionNegotiation: { mode: 'legacy' } })
    await client.connect(new HttpV2(new URL(url)))
    return {
      call: async (name, onProgress) =>
        words(await client.callTool({ name }, onProgress && { onprogress: ({ message }) => onProgress(message) })),
      close: () => client.close(),
    }
  },
  'of our own': async (url) => {
    const client = await connect(url, { era: 'stateful' })
    return {
      call: async (name, onProgress) =>
        (await client.callTool(name, {}, onProgress && { onProgress: ({ message }) => onProgress(message) })).text,
      close: () => client.close(),
    }
  },
}

let listening: Listening
let proxy: Server
let url: string
/** Connections through the proxy. */
const wires = new Set<Socket>()
let cut = async (): Promise<void> => undefined
const opened: Peer[] = []

beforeAll(async () => {
  const mcp = new FastMCP({ name: 'patient', version: '1.0.0', limits: { events: EVENTS } })
  mcp.tool('poll', { description: 'Has its client come back' }, async (_, ctx) => {
    const isGone = ctx.closeStream()
    await pause(200)
    return `came back: ${isGone}`
  })
  mcp.tool('rows', { description: 'Yields while the network breaks' }, async function* () {
    for (let n = 1; n <= 300; n++) {
      if (n === 100) await cut()
      yield `row ${n}`
      if (n % 50 === 0) await pause(5)
    }
    return '300 rows'
  })
  listening = await mcp.listen({ port: 0 })
  proxy = createServer((wire) => {
    const inner = dial(listening.port, '127.0.0.1')
    wires.add(wire)
    wire.once('close', () => wires.delete(wire))
    for (const socket of [wire, inner]) socket.on('error', () => undefined)
    wire.pipe(inner).pipe(wire)
    wire.once('close', () => inner.destroy())
    inner.once('close', () => wire.destroy())
  })
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
  const { port } = proxy.address() as { port: number }
  url = `http://127.0.0.1:${port}/mcp`
})
afterEach(async () => {
  for (const peer of opened.splice(0)) await peer.close()
  cut = async () => undefined
})
afterAll(async () => {
  proxy.close()
  for (const wire of wires) wire.destroy()
  await listening.close()
})

const EVENTS = { perSession: 256, bytesPerSession: 1024 * 1024, bytes: 256 * 1024 * 1024, retryMs: 50 }

describe.each(Object.keys(PEERS))('a client %s', (name) => {
  const open = async (): Promise<Peer> => {
    const peer = await PEERS[name]?.(url)
    if (peer === undefined) throw new Error(name)
    opened.push(peer)
    return peer
  }

  it('comes back for an answer when it is let go of', async () => {
    expect(await (await open()).call('poll')).toBe('came back: true')
  })

  it('misses nothing when the network breaks in the middle of an answer', async () => {
    cut = async () => {
      // What was sent is let through first: nobody can say what a broken network has swallowed.
      await pause(50)
      for (const wire of wires) wire.destroy()
    }
    const rows: (string | undefined)[] = []
    expect(await (await open()).call('rows', (message) => rows.push(message))).toBe('300 rows')
    expect(rows).toEqual(Array.from({ length: 300 }, (_, index) => `row ${index + 1}`))
  })
})
