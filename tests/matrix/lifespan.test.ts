import { FastMCP, type FastMCPOptions, lifespans, pipe, ToolError } from '@fastmcp/ts'
import type { Client } from '@fastmcp/ts/client'
import { createTestClient } from '@fastmcp/ts/testing'
import { describeEras } from '@fastmcp/ts/testing/vitest'
import { describe, expect, it, vi } from 'vitest'
import { z } from 'zod'

const info = { name: 'lifespan', version: '1.0.0' }

/** Opens numbered apps, and keeps count. */
function counting() {
  const log: string[] = []
  let count = 0
  return {
    log,
    async open() {
      const number = ++count
      await Promise.resolve()
      log.push(`open ${number}`)
      return {
        number,
        async [Symbol.asyncDispose]() {
          await Promise.resolve()
          log.push(`close ${number}`)
        },
      }
    },
  }
}

describeEras('ctx.app', (open) => {
  it('is opened once, for all calls', async () => {
    const { log, open: lifespan } = counting()
    const mcp = new FastMCP({ ...info, lifespan })
    mcp.tool('number', { description: 'Which app' }, (_, ctx) => ctx.app.number)
    const client = await open(mcp)
    const calls = Array.from({ length: 20 }, () => client.callTool('number'))
    for (const { data } of await Promise.all(calls)) expect(data).toBe(1)
    expect(log).toEqual(['open 1'])
    await client.close()
    await mcp.close()
    expect(log).toEqual(['open 1', 'close 1'])
  })

  it('is there in every handler', async () => {
    const seen: string[] = []
    const mcp = new FastMCP({ ...info, lifespan: () => ({ word: 'app' }) })
    mcp.use(({ context, method }, next) => {
      if (method.endsWith('/complete')) seen.push(`layer ${context.app.word}`)
      return next()
    })
    mcp.tool('stream', { description: 'x', output: z.array(z.string()) }, async function* (_, ctx) {
      yield ctx.app.word
    })
    mcp.resource('fixed://word', {}, (_, ctx) => ctx.app.word)
    mcp.resource('word://{of}', { complete: { of: (_, { ctx }) => [ctx.app.word] } }, async ({ of }, ctx) => {
      const { contents } = await ctx.readResource('fixed://word')
      return `${of} ${ctx.app.word} ${JSON.stringify(contents)}`
    })
    mcp.prompt(
      'word',
      { input: z.object({ of: z.string() }), complete: { of: (_, { ctx }) => [ctx.app.word] } },
      ({ of }, ctx) => `${of} ${ctx.app.word}`,
    )
    const client = await open(mcp)
    expect((await client.callTool('stream')).data).toEqual(['app'])
    expect((await client.readResource('fixed://word')).text).toBe('app')
    expect((await client.readResource('word://x')).text).toMatch(/^x app .*"text":"app"/)
    expect((await client.getPrompt('word', { of: 'x' })).messages[0]?.content).toMatchObject({ text: 'x app' })
    const template = { type: 'ref/resource', uri: 'word://{of}' } as const
    const prompt = { type: 'ref/prompt', name: 'word' } as const
    for (const ref of [template, prompt]) {
      expect((await client.complete(ref, { name: 'of', value: '' })).values).toEqual(['app'])
    }
    expect(seen).toEqual(['layer app', 'layer app'])
  })
})

describeEras(
  'a lifespan that begins with the first call',
  (open) => {
    it('begins once for calls that come together', async () => {
      const { log, open: lifespan } = counting()
      const mcp = new FastMCP({ ...info, lifespan })
      mcp.tool('number', { description: 'Which app' }, (_, ctx) => ctx.app.number)
      expect(log).toEqual([])
      const clients = await Promise.all([open(mcp), open(mcp), open(mcp)])
      const calls = await Promise.all(clients.map((client) => client.callTool('number')))
      expect(calls.map(({ data }) => data)).toEqual([1, 1, 1])
      expect(log).toEqual(['open 1'])
    })

    it('fails without a word of why, and is tried again with the next call', async () => {
      const problems: string[] = []
      let isDown = true
      const mcp = new FastMCP({
        ...info,
        onError: ({ message }) => problems.push(message),
        async lifespan() {
          await Promise.resolve()
          if (isDown) throw new Error('the password hunter2 was refused')
          return { word: 'here' }
        },
      })
      mcp.tool('word', { description: 'x' }, (_, ctx) => ctx.app.word)
      const client = await open(mcp)
      const failed = await client.callTool('word', {}, { throwOnError: false })
      expect(failed).toMatchObject({ isError: true })
      expect(failed.content[0]).toMatchObject({ text: expect.stringMatching(/^Internal error \([0-9a-f]{8}\)$/) })
      await expect(client.tools()).rejects.toThrow(/^Internal error/)
      expect(problems.length).toBeGreaterThanOrEqual(3)
      for (const problem of problems) expect(problem).toContain('hunter2')
      isDown = false
      expect((await client.callTool('word')).data).toBe('here')
    })
  },
  { transports: ['memory', 'fetch'] },
)

it.each(['stateless', 'stateful'] as const)('tells who it is while it is slow to begin, in the %s era', async (era) => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
  try {
    const { promise: opened, resolve: open } = deferred<{ readonly word: string }>()
    const mcp = new FastMCP({ ...info, lifespan: () => opened })
    mcp.tool('word', { description: 'x' }, (_, ctx) => ctx.app.word)
    const connecting = createTestClient(mcp, { era })
    await vi.advanceTimersByTimeAsync(3_000)
    await using client = await connecting
    expect(client.era).toBe(era)
    const call = client.callTool('word')
    open({ word: 'late' })
    expect((await call).data).toBe('late')
  } finally {
    vi.useRealTimers()
  }
})

describe('a failing start', () => {
  async function failing(problem: Error, options: Partial<FastMCPOptions> = {}) {
    let attempts = 0
    const reported: Error[] = []
    const mcp = new FastMCP({
      ...info,
      ...options,
      onError: (told) => reported.push(told),
      lifespan: async () => {
        attempts++
        await Promise.resolve()
        if (attempts < 3) throw problem
        return { attempts }
      },
    })
    mcp.tool('attempts', { description: 'x' }, (_, ctx) => ctx.app.attempts)
    // The client is let in by a server that has begun without it.
    return { mcp, reported, attempts: () => attempts }
  }

  it.each([new Error('secret'), new ToolError('API_ERROR', 'secret', { key: 'secret' })])(
    'is masked and tried once a call: %s',
    async (problem) => {
      const { mcp, reported, attempts } = await failing(problem)
      const post = async (): Promise<string> => {
        const body = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'attempts', _meta: META } }
        const headers = {
          accept: 'application/json, text/event-stream',
          'content-type': 'application/json',
          'mcp-protocol-version': '2026-07-28',
          'mcp-method': 'tools/call',
          'mcp-name': 'attempts',
        }
        const init = { method: 'POST', headers, body: JSON.stringify(body) }
        return (await mcp.fetch(new Request('http://localhost/mcp', init))).text()
      }
      const together = await Promise.all([post(), post(), post()])
      expect(attempts()).toBe(1)
      expect(await post()).toMatch(/Internal error \([0-9a-f]{8}\)/)
      expect(attempts()).toBe(2)
      for (const answer of together) {
        expect(JSON.parse(answer)).toMatchObject({ result: { isError: true } })
        expect(answer).not.toContain('secret')
      }
      expect(reported).toHaveLength(4)
      for (const { message } of reported) expect(message).toContain('secret')
      expect(await post()).toContain('"text":"3"')
      await mcp.close()
    },
  )

  it('fails listen and run, and ends what had begun', async () => {
    const { log, open } = counting()
    const down = async () => Promise.reject(new Error('down'))
    const mcp = new FastMCP({ ...info, lifespan: open }).extend({ id: 'com.example/down', start: down })
    await expect(mcp.listen({ port: 0 })).rejects.toThrow('down')
    expect(log).toEqual(['open 1', 'close 1'])
    await expect(mcp.run({ transport: 'http', port: 0 })).rejects.toThrow('down')
    expect(log).toEqual(['open 1', 'close 1', 'open 2', 'close 2'])
  })

  it('is what run tells of when the port is taken, and leaves nothing open', async () => {
    const { log, open } = counting()
    const mcp = new FastMCP({ ...info, lifespan: open })
    await using taken = await closing(await mcp.listen({ port: 0 }))
    const other = counting()
    const second = new FastMCP({ ...info, lifespan: other.open })
    await expect(second.run({ transport: 'http', port: taken.port })).rejects.toThrow('is taken')
    expect(other.log).toEqual(['open 1', 'close 1'])
    expect(log).toEqual(['open 1'])
    await mcp.close()
  })
})

const META = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientCapabilities': {},
}

describe('the end', () => {
  it('comes after the calls that use the app, and those that come later open it anew', async () => {
    const { log, open } = counting()
    const mcp = new FastMCP({ ...info, lifespan: open })
    const { promise: released, resolve: release } = deferred<void>()
    const { promise: entered, resolve: enter } = deferred<void>()
    mcp.tool('hold', { description: 'x' }, async (_, ctx) => {
      const { number } = ctx.app
      enter()
      await released
      log.push(`used ${number}`)
      return number
    })
    mcp.tool('number', { description: 'x' }, (_, ctx) => ctx.app.number)
    await using client = await createTestClient(mcp)
    const held = client.callTool('hold')
    await entered
    const closed = mcp.close()
    const late = client.callTool('number')
    release()
    expect((await held).data).toBe(1)
    await closed
    expect((await late).data).toBe(2)
    expect(log).toEqual(['open 1', 'used 1', 'close 1', 'open 2'])
    await mcp.close()
  })

  it('does not wait for calls that never looked at the app', async () => {
    const { log, open } = counting()
    const mcp = new FastMCP({ ...info, lifespan: open })
    const { promise: entered, resolve: enter } = deferred<void>()
    mcp.tool('hang', { description: 'x' }, () => {
      enter()
      return new Promise(() => undefined)
    })
    const client = await createTestClient(mcp)
    const hanging = client.callTool('hang').catch(() => 'closed')
    await entered
    await mcp.close()
    expect(log).toEqual(['open 1', 'close 1'])
    await client.close()
    await hanging
  })

  it('tells of an app that cannot end', async () => {
    const mcp = new FastMCP({
      ...info,
      lifespan: () => ({
        [Symbol.dispose]: () => {
          throw new Error('stuck')
        },
      }),
    })
    await using client = await createTestClient(mcp)
    await client.ping()
    await client.close()
    await expect(mcp.close()).rejects.toThrow('stuck')
    await mcp.close()
  })

  it('says what has happened to a handler that goes on without its app', async () => {
    const { open } = counting()
    const mcp = new FastMCP({ ...info, lifespan: open, onError: () => undefined })
    const { promise: released, resolve: release } = deferred<void>()
    const { promise: told, resolve: tell } = deferred<unknown>()
    mcp.tool('late', { description: 'x' }, async (_, ctx) => {
      release()
      await new Promise((resolve) => ctx.signal.addEventListener('abort', resolve))
      await released
      try {
        tell(ctx.app)
      } catch (problem) {
        tell(problem)
      }
    })
    const client = await createTestClient(mcp)
    const late = client.callTool('late').catch(() => 'closed')
    await released
    await mcp.close()
    await client.close()
    await late
    expect(await told).toMatchObject({ code: 'CLOSED' })
  })
})

describe('a mounted server', () => {
  const number = (mcp: FastMCP<{ readonly number: number }>) =>
    mcp.tool('number', { description: 'x' }, (_, ctx) => ctx.app.number)
  const called = async (client: Client, name: string) => (await client.callTool(name)).data

  it('gives its handlers its own app, which begins and ends with the server around it', async () => {
    const [outer, inner] = [counting(), counting()]
    const child = number(new FastMCP({ ...info, name: 'child', lifespan: inner.open }))
    child.use('tools/call', async ({ context }, next) => {
      inner.log.push(`layer ${context.app.number}`)
      return next()
    })
    const plain = new FastMCP({ ...info, name: 'plain' })
    plain.tool('any', { description: 'x' }, (_, ctx) => `${ctx.app}`)
    const parent = new FastMCP({ ...info, lifespan: async () => ({ ...(await outer.open()), word: 'parent' }) })
    parent.tool('word', { description: 'x' }, (_, ctx) => ctx.app.word)
    parent.use('tools/call', async ({ context }, next) => {
      await next()
      outer.log.push(`layer ${context.app.word}`)
      return next()
    })
    parent.mount('child', child)
    parent.mount('plain', plain)
    await using client = await createTestClient(parent)
    expect(await called(client, 'child_number')).toBe(1)
    expect(await called(client, 'word')).toBe('parent')
    expect(await called(client, 'plain_any')).toBe('undefined')
    expect(inner.log).toEqual(['open 1', 'layer 1', 'layer 1'])
    await parent.close()
    expect(inner.log.at(-1)).toBe('close 1')
    expect(outer.log).toEqual(['open 1', 'layer parent', 'layer parent', 'layer parent', 'close 1'])
  })

  it('keeps its app while anybody else needs it', async () => {
    const { log, open } = counting()
    const child = number(new FastMCP({ ...info, name: 'child', lifespan: open }))
    const [one, two] = [new FastMCP({ ...info, name: 'one' }), new FastMCP({ ...info, name: 'two' })]
    one.mount('child', child)
    two.mount('child', child)
    await using first = await createTestClient(one)
    await using second = await createTestClient(two)
    expect([await called(first, 'child_number'), await called(second, 'child_number')]).toEqual([1, 1])
    await one.close()
    expect(await called(second, 'child_number')).toBe(1)
    await child.close()
    expect(await called(second, 'child_number')).toBe(1)
    expect(log).toEqual(['open 1'])
    await two.close()
    expect(log).toEqual(['open 1', 'close 1'])
  })

  it('ends when it is taken out', async () => {
    const { log, open } = counting()
    const child = number(new FastMCP({ ...info, name: 'child', lifespan: open }))
    const parent = new FastMCP(info)
    const takeOut = parent.mount('child', child)
    await using client = await createTestClient(parent)
    expect(await called(client, 'child_number')).toBe(1)
    takeOut()
    await parent.close()
    expect(log).toEqual(['open 1', 'close 1'])
  })

  it('may be mounted while the server around it runs', async () => {
    const { log, open } = counting()
    const parent = new FastMCP(info)
    parent.tool('ping', { description: 'x' }, () => 'pong')
    await using client = await createTestClient(parent)
    await called(client, 'ping')
    parent.mount('child', number(new FastMCP({ ...info, name: 'child', lifespan: open })))
    expect(await called(client, 'child_number')).toBe(1)
    await parent.close()
    expect(log).toEqual(['open 1', 'close 1'])
  })
})

it('is refused at once where it is no function', () => {
  expect(() => new FastMCP({ ...info, lifespan: { pool: 1 } as unknown as () => void })).toThrow(
    'server: lifespan must be a function, as in lifespan: async () => ({ pool })',
  )
})

it('begins what an extension brings along', async () => {
  const { log, open } = counting()
  const child = new FastMCP({ ...info, name: 'child', lifespan: open })
  child.tool('number', { description: 'x' }, (_, ctx) => ctx.app.number)
  const mcp = new FastMCP(info).extend({ id: 'com.example/child', provider: pipe(child) })
  await using client = await createTestClient(mcp)
  expect((await client.callTool('number')).data).toBe(1)
  await mcp.close()
  expect(log).toEqual(['open 1', 'close 1'])
})

it('joins several lifespans', async () => {
  const log: string[] = []
  const part =
    <const N extends string>(name: N) =>
    async () => {
      log.push(`+${name}`)
      const given = { [name]: name, [Symbol.dispose]: () => void log.push(`-${name}`) }
      return given as unknown as { readonly [K in N]: string }
    }
  const mcp = new FastMCP({ ...info, lifespan: lifespans(part('a'), part('b')) })
  mcp.tool('both', { description: 'x' }, (_, ctx) => ctx.app.a + ctx.app.b)
  const client = await createTestClient(mcp)
  expect((await client.callTool('both')).data).toBe('ab')
  await client.close()
  await mcp.close()
  expect(log).toEqual(['+a', '+b', '-b', '-a'])
})

async function closing<T extends { close(): Promise<void> }>(listening: T): Promise<T & AsyncDisposable> {
  return Object.assign(listening, { [Symbol.asyncDispose]: () => listening.close() })
}

function deferred<T>() {
  let resolve: (value: T) => void = () => undefined
  const promise = new Promise<T>((settle) => {
    resolve = settle
  })
  return { promise, resolve }
}
