import { type Context, dependency, FastMCP, McpError } from '@fastmcp/ts'
import { createTestClient } from '@fastmcp/ts/testing'
import { describeEras } from '@fastmcp/ts/testing/vitest'
import { describe, expect, it, vi } from 'vitest'
import { z } from 'zod'

const info = { name: 'dependencies', version: '1.0.0' }

/** Dependencies that note when they are made and disposed of. */
function noting() {
  const log: string[] = []
  let count = 0
  const noted = (name: string, needs: (ctx: Context) => Promise<unknown> = async () => undefined) =>
    dependency(name, async (ctx) => {
      await needs(ctx)
      const id = `${name}${++count}`
      log.push(`+${id}`)
      return {
        id,
        async [Symbol.asyncDispose]() {
          await Promise.resolve()
          log.push(`-${id}`)
        },
      }
    })
  return { log, noted }
}

describeEras('ctx.use', (open) => {
  it('gives a request one instance, and ends it with the request', async () => {
    const { log, noted } = noting()
    const db = noted('db')
    const mcp = new FastMCP(info)
    mcp.use('tools/call', async ({ context }, next) => {
      const { id } = await context.use(db)
      const result = await next()
      log.push(`after ${id}`)
      return result
    })
    mcp.tool('ids', { description: 'x' }, async (_, ctx) => {
      const [one, two] = await Promise.all([ctx.use(db), ctx.use(db)])
      return [one.id, two.id, (await ctx.use(db)).id]
    })
    const client = await open(mcp)
    expect((await client.callTool('ids')).data).toEqual(['db1', 'db1', 'db1'])
    expect(log).toEqual(['+db1', 'after db1', '-db1'])
    const calls = await Promise.all([client.callTool('ids'), client.callTool('ids')])
    expect(new Set(calls.flatMap(({ data }) => data)).size).toBe(2)
    expect(log.filter((line) => line.startsWith('+'))).toHaveLength(3)
    expect(log.filter((line) => line.startsWith('-'))).toHaveLength(3)
  })

  it('lets dependencies use others, and ends them in reverse', async () => {
    const { log, noted } = noting()
    const c = noted('c')
    const b = noted('b', (ctx) => ctx.use(c))
    const a = noted('a', (ctx) => Promise.all([ctx.use(b), ctx.use(c)]))
    const mcp = new FastMCP(info)
    mcp.resource('all://{x}', {}, async (_, ctx) => (await Promise.all([ctx.use(a), ctx.use(c)])).map(({ id }) => id))
    mcp.prompt('all', {}, async (_, ctx) => (await ctx.use(b)).id)
    const client = await open(mcp)
    expect(JSON.parse((await client.readResource('all://1')).text ?? '')).toEqual(['a3', 'c1'])
    expect(log).toEqual(['+c1', '+b2', '+a3', '-a3', '-b2', '-c1'])
    log.length = 0
    await client.getPrompt('all')
    expect(log).toEqual(['+c4', '+b5', '-b5', '-c4'])
  })

  it('ends them when the handler fails, and when it has asked', async () => {
    const { log, noted } = noting()
    const db = noted('db')
    const mcp = new FastMCP({ ...info, onError: () => undefined })
    mcp.tool('fail', { description: 'x' }, async (_, ctx) => {
      await ctx.use(db)
      throw new Error('broken')
    })
    mcp.tool('ask', { description: 'x' }, async (_, ctx) => {
      const { id } = await ctx.use(db)
      const answer = await ctx.elicit('Sure?', z.object({ sure: z.boolean() }))
      return answer.action === 'accept' ? `${id} ${answer.content.sure}` : answer.action
    })
    const client = await open(mcp, { onElicit: () => ({ action: 'accept', content: { sure: true } }) })
    await expect(client.callTool('fail')).rejects.toThrow('Internal error')
    expect(log).toEqual(['+db1', '-db1'])
    log.length = 0
    // Where the handler is run again it has another one.
    expect((await client.callTool('ask')).data).toMatch(/^db\d true$/)
    expect(log.length).toBeGreaterThanOrEqual(2)
    for (const [index, line] of log.entries()) expect(line[0]).toBe(index % 2 === 0 ? '+' : '-')
  })

  it('ends them after the stream of a generator is over', async () => {
    const { log, noted } = noting()
    const db = noted('db')
    const mcp = new FastMCP(info)
    mcp.tool('rows', { description: 'x', output: z.array(z.number()) }, async function* (_, ctx) {
      await ctx.use(db)
      for (let row = 1; row <= 3; row++) {
        log.push(`row ${row}`)
        yield row
      }
    })
    const client = await open(mcp)
    expect((await client.callTool('rows')).data).toEqual([1, 2, 3])
    expect(log).toEqual(['+db1', 'row 1', 'row 2', 'row 3', '-db1'])
  })

  it('reports what cannot be ended, and keeps the result', async () => {
    const { log, noted } = noting()
    const reports: unknown[] = []
    const stuck = dependency('stuck', () => 7, {
      dispose: () => {
        throw new Error('stuck for good')
      },
    })
    const first = noted('first')
    const mcp = new FastMCP({ ...info, onError: ({ message }, facts) => reports.push({ message, ...facts }) })
    mcp.tool('seven', { description: 'x' }, async (_, ctx) => {
      await ctx.use(first)
      return ctx.use(stuck)
    })
    const client = await open(mcp)
    expect((await client.callTool('seven')).data).toBe(7)
    expect(log).toEqual(['+first1', '-first1'])
    expect(reports).toEqual([
      { message: 'stuck for good', during: 'disposal', dependency: 'stuck', requestId: expect.anything() },
    ])
  })
})

describe('a dependency', () => {
  it.each(['stateless', 'stateful'] as const)('ends when the client has left, in the %s era', async (era) => {
    const { log, noted } = noting()
    const db = noted('db')
    const { promise: ended, resolve: end } = deferred<void>()
    const last = dependency('last', () => 0, { dispose: () => end() })
    const mcp = new FastMCP({ ...info, onError: () => undefined })
    const { promise: begun, resolve: begin } = deferred<void>()
    mcp.tool('wait', { description: 'x' }, async (_, ctx) => {
      await ctx.use(last)
      await ctx.use(db)
      begin()
      await new Promise((_, reject) => ctx.signal.addEventListener('abort', () => reject(ctx.signal.reason)))
    })
    await using client = await createTestClient(mcp, { era })
    const leave = new AbortController()
    const call = client.callTool('wait', {}, { signal: leave.signal })
    await begun
    leave.abort()
    await expect(call).rejects.toThrow()
    await ended
    expect(log).toEqual(['+db1', '-db1'])
  })

  it('refuses to need itself, however that comes about', async () => {
    const reports: string[] = []
    const a = dependency('a', (ctx): Promise<unknown> => ctx.use(b))
    const b = dependency('b', (ctx): Promise<unknown> => ctx.use(c))
    const c = dependency('c', (ctx): Promise<unknown> => ctx.use(a))
    const self = dependency('self', (ctx): Promise<unknown> => ctx.use(self))
    const mcp = new FastMCP({ ...info, onError: ({ message }) => reports.push(message) })
    mcp.tool('chain', { description: 'x' }, (_, ctx) => ctx.use(a))
    mcp.tool('both', { description: 'x' }, (_, ctx) => Promise.all([ctx.use(a), ctx.use(c)]))
    mcp.tool('self', { description: 'x' }, (_, ctx) => ctx.use(self))
    await using client = await createTestClient(mcp)
    for (const name of ['chain', 'both', 'self']) await expect(client.callTool(name)).rejects.toThrow('Internal error')
    expect(reports).toEqual([
      'dependency "c": it needs itself: c -> a -> b -> c; take one of them out',
      expect.stringMatching(/^dependency "\w": it needs itself: (a -> b -> c -> a|b -> c -> a -> b|c -> a -> b -> c);/),
      'dependency "self": it needs itself: self -> self; take one of them out',
    ])
  })

  it('is tried again where it could not be made', async () => {
    let attempts = 0
    const flaky = dependency('flaky', async () => {
      if (++attempts === 1) throw new Error('not yet')
      return attempts
    })
    const mcp = new FastMCP(info)
    mcp.tool('twice', { description: 'x' }, async (_, ctx) => {
      await expect(ctx.use(flaky)).rejects.toThrow('not yet')
      return ctx.use(flaky)
    })
    await using client = await createTestClient(mcp)
    expect((await client.callTool('twice')).data).toBe(2)
  })

  it('is shared with what a handler reads on its way', async () => {
    const { log, noted } = noting()
    const db = noted('db')
    const mcp = new FastMCP(info)
    mcp.resource('id://db', {}, async (_, ctx) => (await ctx.use(db)).id)
    mcp.tool('read', { description: 'x' }, async (_, ctx) => {
      const [content] = (await ctx.readResource('id://db')).contents
      log.push('read')
      return [content, (await ctx.use(db)).id]
    })
    await using client = await createTestClient(mcp)
    expect((await client.callTool('read')).data).toEqual([expect.objectContaining({ text: 'db1' }), 'db1'])
    expect(log).toEqual(['+db1', 'read', '-db1'])
  })

  it('is that of the server whose handler asks, and sees its app', async () => {
    const place = dependency('place', (ctx: Context<{ readonly place: string }>) => ctx.app.place)
    const deeper = dependency(
      'deeper',
      async (ctx: Context<{ readonly place: string }>) => `the ${await ctx.use(place)}`,
    )
    const made = (name: string) => {
      const mcp = new FastMCP({ ...info, name, lifespan: () => ({ place: name }) })
      return mcp.tool('place', { description: 'x' }, async (_, ctx) => `${await ctx.use(deeper)} of ${ctx.app.place}`)
    }
    const parent = made('parent')
    const seen: string[] = []
    parent.use('tools/call', async ({ context }, next) => {
      const result = await next()
      seen.push(await context.use(deeper))
      return result
    })
    parent.mount('child', made('child'))
    await using client = await createTestClient(parent)
    expect((await client.callTool('child_place')).data).toBe('the child of child')
    expect((await client.callTool('place')).data).toBe('the parent of parent')
    expect(seen).toEqual(['the parent', 'the parent'])
  })

  it('is left to a handler that goes on after its time, and given to none that comes too late', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
    try {
      const { log, noted } = noting()
      const [db, other] = [noted('db'), noted('other')]
      const { promise: released, resolve: release } = deferred<void>()
      const { promise: begun, resolve: begin } = deferred<void>()
      const { promise: refused, resolve: refuse } = deferred<Error>()
      const { promise: ended, resolve: end } = deferred<void>()
      const last = dependency('last', () => 0, { dispose: () => end() })
      const mcp = new FastMCP({ ...info, onError: () => undefined })
      mcp.tool('slow', { description: 'x', timeout: 1_000 }, async (_, ctx) => {
        await ctx.use(last)
        await ctx.use(db)
        begin()
        await released
        log.push('still at work')
        await ctx.use(other).catch(refuse)
      })
      await using client = await createTestClient(mcp)
      const call = client.callTool('slow', {}, { throwOnError: false })
      await begun
      await vi.advanceTimersByTimeAsync(1_000)
      expect((await call).isError).toBe(true)
      expect(log).toEqual(['+db1'])
      release()
      expect(await refused).toMatchObject({ code: 'TOO_LATE' })
      await ended
      expect(log).toEqual(['+db1', 'still at work', '-db1'])
    } finally {
      vi.useRealTimers()
    }
  })

  it('is refused after the call, used before or not', async () => {
    const db = dependency('db', () => 1)
    const contexts: Context[] = []
    const mcp = new FastMCP(info)
    mcp.tool('now', { description: 'x' }, (_, ctx) => {
      contexts.push(ctx)
      return 'now'
    })
    mcp.tool('later', { description: 'x' }, async (_, ctx) => {
      contexts.push(ctx)
      return ctx.use(db)
    })
    await using client = await createTestClient(mcp)
    await client.callTool('now')
    await client.callTool('later')
    expect(contexts).toHaveLength(2)
    for (const ctx of contexts) await expect(ctx.use(db)).rejects.toMatchObject({ code: 'TOO_LATE' })
  })

  it('that does not end holds the answer back for a while, and is reported', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
    try {
      const reports: string[] = []
      const { promise: ending, resolve: begin } = deferred<void>()
      const endless = dependency('endless', () => 1, {
        dispose: () => {
          begin()
          return new Promise(() => undefined)
        },
      })
      const mcp = new FastMCP({ ...info, onError: ({ message }) => reports.push(message) })
      mcp.tool('one', { description: 'x' }, (_, ctx) => ctx.use(endless))
      await using client = await createTestClient(mcp)
      const call = client.callTool('one')
      await ending
      await vi.advanceTimersByTimeAsync(5_000)
      expect((await call).data).toBe(1)
      expect(reports).toEqual(['What a call used has not ended within 5000 ms'])
    } finally {
      vi.useRealTimers()
    }
  })

  it('may be made of nothing, and end by a function of its own', async () => {
    const log: string[] = []
    const nothing = dependency('nothing', () => undefined)
    const lent = dependency('lent', () => ({ give: (word: string) => log.push(word) }), {
      dispose: (made) => void made.give('back'),
    })
    const mcp = new FastMCP(info)
    mcp.tool('use', { description: 'x' }, async (_, ctx) => {
      ;(await ctx.use(lent)).give('forth')
      return (await ctx.use(nothing)) === undefined
    })
    await using client = await createTestClient(mcp)
    expect((await client.callTool('use')).data).toBe(true)
    expect(log).toEqual(['forth', 'back'])
  })

  it('is refused where it cannot be one', async () => {
    expect(() => dependency('', () => 1)).toThrow("give it a name for messages: dependency('db', (ctx) => …)")
    expect(() => dependency('db', 7 as never)).toThrow('dependency "db": make must be a function')
    expect(() => dependency('db', () => 1, { dispose: 7 as never })).toThrow('dispose must be a function')
    const mcp = new FastMCP(info)
    mcp.tool('use', { description: 'x' }, async (_, ctx) => {
      await expect(ctx.use('db' as never)).rejects.toThrow('ctx.use: give it what dependency() made')
      await expect(ctx.use(undefined as never)).rejects.toThrow('ctx.use: give it what dependency() made')
    })
    await using client = await createTestClient(mcp)
    await client.callTool('use')
  })

  it('may refuse the caller with an error of the protocol', async () => {
    const user = dependency('user', ({ auth }) => {
      if (auth === undefined) throw new McpError('INVALID_REQUEST', 'Sign in first')
      return auth.subject
    })
    const mcp = new FastMCP(info)
    mcp.tool('whoami', { description: 'x' }, (_, ctx) => ctx.use(user))
    await using nobody = await createTestClient(mcp)
    await using ada = await createTestClient(mcp, { auth: { subject: 'Ada' } })
    await expect(nobody.callTool('whoami')).rejects.toThrow('Sign in first')
    expect((await ada.callTool('whoami')).data).toBe('Ada')
  })
})

describe('createTestClient', () => {
  it.each(['stateless', 'stateful'] as const)('puts something in place of a dependency, in the %s era', async (era) => {
    const { log, noted } = noting()
    const db = noted('db')
    const outer = dependency('outer', async (ctx) => `[${(await ctx.use(db)).id}]`)
    const child = new FastMCP({ ...info, name: 'child' })
    child.tool('id', { description: 'x' }, (_, ctx) => ctx.use(outer))
    const mcp = new FastMCP(info)
    mcp.tool('id', { description: 'x' }, (_, ctx) => ctx.use(outer))
    mcp.mount('child', child)
    const fake = {
      id: 'fake',
      async [Symbol.asyncDispose]() {
        log.push('-fake')
      },
    }
    const made: unknown[] = []
    await using real = await createTestClient(mcp, { era })
    await using client = await createTestClient(mcp, {
      era,
      auth: { subject: 'Ada' },
      replace: [
        [
          db,
          (ctx) => {
            made.push(ctx.auth?.subject)
            return fake
          },
        ],
      ],
    })
    const [one, two, three] = await Promise.all([
      client.callTool('id'),
      real.callTool('id'),
      client.callTool('child_id'),
    ])
    expect([one.data, two.data, three.data]).toEqual(['[fake]', '[db1]', '[fake]'])
    expect(made).toEqual(['Ada', 'Ada'])
    expect(log.toSorted()).toEqual(['+db1', '-db1', '-fake', '-fake'])
    await mcp.close()
  })
})

function deferred<T>() {
  let resolve: (value: T) => void = () => undefined
  const promise = new Promise<T>((settle) => {
    resolve = settle
  })
  return { promise, resolve }
}
