import {
  DefinitionError,
  FastMCP,
  hide,
  type MountArgs,
  namespace,
  type Provider,
  pipe,
  resourcesAsTools,
  visibility,
} from '@fastmcp/ts'
import { describeEras } from '@fastmcp/ts/testing/vitest'
import { describe, expect, it } from 'vitest'
import { authorize } from '../../src/middleware/authorize.ts'
import { deferred } from '../kit/echo-eras.ts'

const server = (name = 's'): FastMCP => new FastMCP({ name, version: '1', onError: () => undefined })
const ANYONE = { auth: undefined, sessionId: undefined }

/** A server with an app, which notes when it begins and ends. */
function withApp(notes: string[], wait?: Promise<void>) {
  const mcp = new FastMCP({
    name: 'child',
    version: '1',
    lifespan: () => {
      notes.push('begins')
      return { word: 'app', [Symbol.dispose]: () => void notes.push('ends') }
    },
  })
  mcp.tool('word', { description: 'x' }, async (_args, ctx) => {
    const { word } = ctx.app
    notes.push('called')
    await wait
    notes.push('answers')
    return word
  })
  return mcp
}

describeEras(
  'a mounted server with a lifespan',
  (open) => {
    it('has one, though it is mounted twice, and until the last of them is taken out', async () => {
      const notes: string[] = []
      const [mcp, child] = [server(), withApp(notes)]
      const [stopOne, stopTwo] = [mcp.mount('one', child), mcp.mount('two', pipe(child, namespace('deep')))]
      const client = await open(mcp)
      expect((await client.callTool('one_word')).data).toBe('app')
      stopOne()
      expect((await client.callTool('two_deep_word')).data).toBe('app')
      expect(notes.filter((note) => note === 'begins' || note === 'ends')).toEqual(['begins'])
      stopTwo()
      await expect.poll(() => notes.at(-1)).toBe('ends')
      stopTwo()
      mcp.mount('three', child)
      expect((await client.callTool('three_word')).data).toBe('app')
      expect(notes.filter((note) => note === 'begins')).toHaveLength(2)
    })

    it('ends after the calls that are on the way when it is taken out', async () => {
      const notes: string[] = []
      const { promise, resolve } = deferred()
      const [mcp, child] = [server(), withApp(notes, promise)]
      const stop = mcp.mount('ns', child)
      const client = await open(mcp)
      const answer = client.callTool('ns_word')
      await expect.poll(() => notes).toContain('called')
      stop()
      await expect(client.callTool('ns_word')).rejects.toThrow(/Unknown tool|no tools/)
      expect(notes).toEqual(['begins', 'called'])
      resolve()
      expect((await answer).data).toBe('app')
      await expect.poll(() => notes).toEqual(['begins', 'called', 'answers', 'ends'])
    })

    it('ends after the calls that have yet to look at it, at any depth', async () => {
      const notes: string[] = []
      const [entered, released] = [deferred(), deferred()]
      const [mcp, middle, child] = [server(), server(), withApp(notes)]
      child.tool('late', { description: 'x' }, async (_args, ctx) => {
        entered.resolve()
        await released.promise
        return ctx.app.word
      })
      middle.mount('deep', child)
      const stop = mcp.mount('ns', middle)
      const client = await open(mcp)
      const answer = client.callTool('ns_deep_late')
      await entered.promise
      stop()
      await new Promise((resolve) => setImmediate(resolve))
      released.resolve()
      expect((await answer).data).toBe('app')
      await expect.poll(() => notes).toEqual(['begins', 'ends'])
    })
  },
  { transports: ['memory'] },
)

describeEras(
  'the middleware of mounted servers',
  (open) => {
    it('runs at every depth, outermost first, whatever is asked and by whichever name', async () => {
      const order: string[] = []
      let mcp = server('0')
      mcp.tool('t', { description: 'x' }, () => 't')
      mcp.resource('r://fixed', {}, () => 'r')
      mcp.resource('r://{id}', { complete: { id: ['a'] } }, ({ id }) => id)
      mcp.prompt('p', { description: 'x' }, () => 'p')
      for (const depth of [0, 1, 2]) {
        mcp.use((call, next) => {
          order.push(`${depth} ${call.method}`)
          return next()
        })
        if (depth === 2) break
        const outer = server(String(depth + 1))
        outer.mount(`n${depth}`, pipe(mcp, hide({ names: ['nothing'] })))
        mcp = outer
      }
      const client = await open(mcp)
      const asked = async (work: () => Promise<unknown>) => {
        order.length = 0
        await work()
        return [...order]
      }
      const through = (method: string) => [2, 1, 0].map((depth) => `${depth} ${method}`)
      expect(await asked(() => client.callTool('n1_n0_t'))).toEqual(through('tools/call'))
      expect(await asked(() => client.readResource('r://n1/n0/fixed'))).toEqual(through('resources/read'))
      expect(await asked(() => client.readResource('r://n1/n0/7'))).toEqual(through('resources/read'))
      expect(await asked(() => client.getPrompt('n1_n0_p'))).toEqual(through('prompts/get'))
      const completed = () =>
        client.complete({ type: 'ref/resource', uri: 'r://n1/n0/{id}' }, { name: 'id', value: '' })
      expect(await asked(completed)).toEqual(through('completion/complete'))
    })
  },
  { transports: ['memory'] },
)

describeEras(
  'what was mounted and is gone',
  (open) => {
    it('leaves lists that are empty to who has listed before', async () => {
      const [mcp, child] = [server(), server()]
      child.tool('t', { description: 'x' }, () => 1)
      child.resource('r://x', {}, () => 1)
      child.prompt('p', { description: 'x' }, () => 'p')
      const stop = mcp.mount(child)
      const client = await open(mcp)
      expect(await client.tools()).toHaveLength(1)
      stop()
      expect([await client.tools(), await client.resources(), await client.prompts()]).toEqual([[], [], []])
    })
  },
  { transports: ['memory'] },
)

describe('a server inside itself', () => {
  it('is refused though a source does not say what it is made of', () => {
    const [mcp, middle] = [server(), server()]
    middle.mount('inner', mcp)
    const plain = (source: Provider): Provider => ({
      list: (kind, view) => source.list(kind, view),
      find: (kind, id, view) => source.find(kind, id, view),
      onChange: (listener) => source.onChange(listener),
    })
    for (const source of [pipe(mcp, plain), pipe(middle, plain, namespace('deep')), plain(middle.provider)]) {
      expect(() => mcp.mount('self', source)).toThrow(/into itself/)
    }
    expect(() => mcp.mount('other', pipe(server(), plain))).not.toThrow()
  })
})

describe('a server that is mounted twice under its own names', () => {
  it('is refused with one error', () => {
    const [mcp, child] = [server(), server()]
    for (const name of ['a', 'b', 'c']) child.tool(name, { description: 'x' }, () => 1)
    mcp.mount(child)
    expect(() => mcp.mount(child)).toThrow(DefinitionError)
    expect(() => mcp.mount(child)).toThrow(/"a": both mount 1 and mount 2 have one, and they share 2 more/)
  })
})

describe('a namespace that makes names longer than clients take', () => {
  it('is told of', () => {
    const told: string[] = []
    const mcp = new FastMCP({ name: 's', version: '1', onError: (problem) => told.push(String(problem)) })
    const child = server().tool('t'.repeat(60), { description: 'x' }, () => 1)
    mcp.mount('ns', child)
    expect(told).toEqual([])
    mcp.mount('longer', child)
    expect(told).toMatchObject([expect.stringMatching(/1 names? of mount "longer".*64/)])
  })
})

describe('arguments of mount', () => {
  it.each<[string, readonly unknown[], RegExp]>([
    ['an address', ['http://localhost/mcp'], /give a server/],
    ['an address under a namespace', ['ns', 'http://localhost/mcp'], /proxy/],
    ['the namespace behind', [server(), 'ns'], /namespace before/],
    ['a misspelt option', ['ns', server(), { seperator: '.' }], /"separator"/],
  ])('are refused: %s', (_what, args, words) => {
    expect(() => server().mount(...(args as unknown as MountArgs))).toThrow(words)
  })
})

describe('listeners', () => {
  /** A source that counts who listens. */
  function counted(): { readonly source: Provider; readonly count: () => number } {
    const inner = server().provider
    let listening = 0
    const source: Provider = {
      list: (kind, view) => inner.list(kind, view),
      find: (kind, id, view) => inner.find(kind, id, view),
      onChange(listener) {
        listening++
        const stop = inner.onChange(listener)
        return () => {
          listening--
          stop()
        }
      },
    }
    return { source, count: () => listening }
  }

  it('leave with what they listened to, and do not grow', () => {
    const [mcp, { source, count }, visible] = [server(), counted(), visibility()]
    mcp.transform(visible, hide({ names: ['x'] }))
    const stop = mcp.mount('ns', source)
    const before = count()
    expect(before).toBeGreaterThan(0)
    for (let i = 0; i < 20; i++) mcp.mount(`n${i}`, server())()
    mcp.transform(resourcesAsTools())
    expect(count()).toBe(before)
    stop()
    expect(count()).toBe(0)
  })
})

describe('changes in one mounted server', () => {
  it('leave the components of all others the very same', () => {
    const [mcp, one, two] = [server(), server(), server()]
    for (const child of [one, two]) child.tool('t', { description: 'x' }, () => 1)
    mcp.mount('one', one)
    mcp.mount('two', two)
    const list = () => mcp.provider.list('tool', ANYONE) as readonly { id: string }[]
    const before = list()
    one.tool('more', { description: 'x' }, () => 1)
    const after = list()
    expect(after.map(({ id }) => id)).toEqual(['one_t', 'one_more', 'two_t'])
    expect(before.every((each) => after.includes(each))).toBe(true)
  })
})

describe('lists that were asked for before', () => {
  it('show at once whatever changes at any depth', () => {
    const [mcp, middle, child, visible] = [server(), server(), server(), visibility()]
    child.tool('a', { description: 'x' }, () => 1)
    child.transform(visible)
    middle.mount('n', child)
    mcp.mount('m', middle)
    mcp.mount('other', server())
    const seen = () => {
      const list = mcp.provider.list('tool', ANYONE) as readonly { id: string }[]
      expect(mcp.provider.list('tool', ANYONE)).toBe(list)
      return list.map(({ id }) => id)
    }
    expect(seen()).toEqual(['m_n_a'])
    child.tool('b', { description: 'x' }, () => 1)
    expect(seen()).toEqual(['m_n_a', 'm_n_b'])
    visible.disable({ names: ['a'] })
    expect(seen()).toEqual(['m_n_b'])
    visible.reset()
    middle.disable('tool', 'n_b')
    expect(seen()).toEqual(['m_n_a'])
    middle.enable('tool', 'n_b')
    child.use(authorize((_auth, _call, { name }) => name === 'b'))
    expect(seen()).toEqual(['m_n_b'])
    const stop = middle.mount(server().tool('c', { description: 'x' }, () => 1))
    expect(seen()).toEqual(['m_n_b', 'm_c'])
    stop()
    child.remove('tool', 'b')
    expect(seen()).toEqual([])
  })

  it('are not those of another caller', () => {
    const [mcp, child] = [server(), server()]
    child.tool('a', { description: 'x' }, () => 1)
    child.use(authorize((auth) => auth?.subject === 'ada'))
    mcp.mount(child)
    mcp.mount('other', server())
    const seenBy = (subject: string) => mcp.provider.list('tool', { auth: { subject }, sessionId: undefined })
    expect([seenBy('ada'), seenBy('eve'), seenBy('ada')]).toMatchObject([[{ id: 'a' }], [], [{ id: 'a' }]])
  })
})

describe('tools that a transform adds', () => {
  it('do not take the names of others', () => {
    const mcp = server()
    mcp.tool('read_resource', { description: 'x' }, () => 1)
    expect(() => mcp.transform(resourcesAsTools())).toThrow(/read_resource.*has one already/)
    expect(mcp.provider.list('tool', ANYONE)).toHaveLength(1)
    mcp.transform(resourcesAsTools({ read: 'read' }))
    expect(mcp.provider.list('tool', ANYONE)).toHaveLength(3)
  })
})

describe('an extension that cannot come in', () => {
  it('leaves nothing behind', () => {
    const [mcp, child] = [server(), server()]
    mcp.tool('t', { description: 'x' }, () => 1)
    child.tool('t', { description: 'x' }, () => 1)
    expect(() => mcp.extend({ id: 'com.example/a', provider: child.provider })).toThrow(/both/)
    expect(() => mcp.extend({ id: 'com.example/a' })).not.toThrow()
  })
})
