import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { postText, RawSocket, requestText, sendRaw } from '../kit/raw-socket.ts'
import { plain, startTarget } from './hostile.ts'

interface Health {
  readonly rss: number
  readonly peak: number
  readonly trouble: number
}

let child: ChildProcess
let port: number

beforeAll(async () => {
  const fixture = fileURLToPath(new URL('../fixtures/hostile.mjs', import.meta.url))
  child = fork(fixture, { execArgv: ['--expose-gc'] })
  port = await new Promise<number>((resolve, reject) => {
    child.once('message', (started: { port: number }) => resolve(started.port))
    child.once('exit', (code) => reject(new Error(`The server ended with code ${code}`)))
  })
})
afterAll(async () => {
  const exit = once(child, 'exit')
  child.send('stop')
  expect(await exit).toEqual([0, null])
})

async function health(ask: 'look' | 'collect' = 'look'): Promise<Health> {
  const told = once(child, 'message')
  child.send(ask)
  const [seen] = await told
  return seen
}

async function expectServing(): Promise<void> {
  const answer = await sendRaw(port, postText(port, plain('tools/call', { name: 'hello' })))
  expect(JSON.parse(answer.body).result.content).toEqual([{ type: 'text', text: 'Hello' }])
  expect((await health()).trouble).toBe(0)
}

const MIB = 1024 * 1024

describe('HTTP floods', () => {
  it.each<[string, (raw: RawSocket) => void]>([
    ['in the middle of a header', (raw) => raw.write(postText(port, plain('ping')).slice(0, 40))],
    ['after the headers', (raw) => raw.write(`${postText(port, plain('ping')).split('\r\n\r\n')[0]}\r\n\r\n`)],
    ['in the middle of the body', (raw) => raw.write(postText(port, plain('ping')).slice(0, -5))],
    [
      'in the middle of a chunk',
      (raw) => {
        const headers = [
          ['Content-Type', 'application/json'],
          ['Transfer-Encoding', 'chunked'],
        ] as const
        raw.write(`${requestText(port, 'POST /mcp', headers)}ff\r\nhalf`)
      },
    ],
    ['right after the request', (raw) => raw.write(postText(port, plain('tools/call', { name: 'hello' })))],
  ])('HT-04: clients that leave %s are forgotten', async (_name, begin) => {
    for (const leave of ['destroy', 'resetAndDestroy', 'end'] as const) {
      for (let i = 0; i < 20; i++) {
        const raw = await RawSocket.open(port)
        begin(raw)
        raw.socket[leave]()
      }
    }
    await expectServing()
  })

  it('HT-09: ten thousand requests in one go are answered in order', async () => {
    const raw = await RawSocket.open(port)
    const count = 10_000
    for (let i = 0; i < count; i += 500) {
      raw.write(
        Array.from({ length: 500 }, (_, k) => postText(port, plain('tools/call', { name: 'hello' }, i + k))).join(''),
      )
    }
    for (let i = 0; i < count; i++) expect(JSON.parse((await raw.answer()).body).id).toBe(i)
    raw.destroy()
    await expectServing()
  })

  /** Sends a body in chunks until the server ends it, and gives the status. */
  async function flood(bytes: number): Promise<number> {
    const raw = await RawSocket.open(port)
    const headers = [
      ['Content-Type', 'application/json'],
      ['Transfer-Encoding', 'chunked'],
    ] as const
    raw.write(requestText(port, 'POST /mcp', headers))
    const chunk = `10000\r\n${'x'.repeat(65_536)}\r\n`
    const pump = async (): Promise<void> => {
      for (let sent = 0; sent < bytes && !raw.socket.destroyed; sent += 65_536) {
        if (!raw.socket.write(chunk)) await Promise.race([once(raw.socket, 'drain'), raw.closed])
      }
    }
    const pumping = pump().catch(() => undefined)
    const { status } = await raw.answer()
    await raw.closed
    await pumping
    return status
  }

  it('HT-14: 300 MB in chunks end at 4 MiB, and take no more memory than that', async () => {
    // Once to warm up, so that what the runtime takes for itself does not count.
    expect(await flood(32 * MIB)).toBe(413)
    const before = await health('collect')
    expect(await flood(300 * MIB)).toBe(413)
    const after = await health('collect')
    expect(after.rss - before.rss).toBeLessThan(8 * MIB)
    expect(after.peak - before.rss).toBeLessThan(64 * MIB)
    await expectServing()
  })

  it('HT-14: the same with a length, and from forty clients at once', async () => {
    const before = await health('collect')
    const bytes = Buffer.from(postText(port, 'x'.repeat(5 * MIB)))
    const clients = Array.from({ length: 40 }, async () => {
      const raw = await RawSocket.open(port)
      raw.write(bytes)
      const { status } = await raw.answer()
      raw.destroy()
      return status
    })
    expect(new Set(await Promise.all(clients))).toEqual(new Set([413]))
    expect((await health('collect')).rss - before.rss).toBeLessThan(48 * MIB)
    await expectServing()
  })
})

// All at once: they mostly wait for what the server gives them.
describe.concurrent('HTTP requests that never come', () => {
  it('HT-08: connections that only begin a request are cut, and others served meanwhile', async () => {
    const idle = await Promise.all(
      Array.from({ length: 2_000 }, async (_, i) => {
        const raw = await RawSocket.open(port)
        const whole = postText(port, plain('ping'))
        raw.write(i % 2 === 0 ? whole.slice(0, 30) : whole.slice(0, -1))
        return raw
      }),
    )
    await expectServing()
    await Promise.all(idle.map((raw) => raw.closed))
    await expectServing()
  })

  it('HT-08: a body of a byte at a time is cut', async () => {
    const raw = await RawSocket.open(port)
    raw.write(postText(port, '', [['Content-Length', '1000']]))
    const drip = setInterval(() => raw.write('x'), 50)
    expect((await raw.answer()).status).toBe(408)
    await raw.closed
    clearInterval(drip)
  })

  it('HT-13: a body shorter than its length is waited for, then given up', async () => {
    const raw = await RawSocket.open(port)
    raw.write(postText(port, plain('ping'), [['Content-Length', '500']]))
    expect((await raw.answer()).status).toBe(408)
    await raw.closed
  })
})

describe('faults inside', () => {
  it('HT-10: whatever throws or rejects, wherever, is a masked answer', async () => {
    const nothing: unknown = undefined
    const faults: Record<string, () => unknown> = {
      throws: () => {
        throw new Error('canary-7f3a9c')
      },
      'throws nothing': () => {
        throw nothing
      },
      rejects: async () => {
        throw new Error('canary-7f3a9c')
      },
      'rejects with null': () => Promise.reject(null),
      'returns a cycle': () => {
        const cycle: Record<string, unknown> = {}
        cycle.self = cycle
        return cycle
      },
      'returns a getter that throws': () => ({
        get bad() {
          throw new Error('canary-7f3a9c')
        },
      }),
      'returns a toJSON that throws': () => ({
        toJSON() {
          throw new Error('canary-7f3a9c')
        },
      }),
      'returns a thenable that throws': () =>
        Object.defineProperty({}, 'then', {
          get() {
            throw new Error('canary-7f3a9c')
          },
        }),
      'returns a symbol': () => Symbol('x'),
      'returns a function': () => () => 1,
      'returns a bigint': () => 10n ** 30n,
    }
    const target = await startTarget()
    for (const [name, fault] of Object.entries(faults)) {
      // Plain JavaScript may return whatever it likes.
      target.mcp.tool(name.replaceAll(' ', '-'), { description: name }, fault as () => string)
      target.mcp.resource(`fault://${name.replaceAll(' ', '-')}`, {}, fault as () => string)
      target.mcp.prompt(name.replaceAll(' ', '-'), {}, fault as () => string)
    }
    for (const name of Object.keys(faults).map((text) => text.replaceAll(' ', '-'))) {
      for (const [method, params] of [
        ['tools/call', { name }],
        ['resources/read', { uri: `fault://${name}` }],
        ['prompts/get', { name }],
      ] as const) {
        const answer = await sendRaw(target.port, postText(target.port, plain(method, params)))
        expect([200, 400, 500]).toContain(answer.status)
        expect(JSON.parse(answer.body)).toMatchObject({ jsonrpc: '2.0', id: 1 })
        expect(answer.body).not.toMatch(/canary|\n\s+at |node_modules|\/work\//)
      }
    }
    await target.stop()
  })
})
