import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { Client } from '@fastmcp/ts/client'
import { createTestClient } from '@fastmcp/ts/testing'
import { describeEras } from '@fastmcp/ts/testing/vitest'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { FastMCP } from '../../fastmcp.ts'
import { authorize } from '../../middleware/authorize.ts'
import { type CodeModeOptions, codeMode } from './code-mode.ts'

const did: string[] = []

function shop(options: CodeModeOptions = {}): FastMCP {
  const mcp = new FastMCP({ name: 'shop', version: '1', diagnose: false })
  mcp.tool(
    'get_order',
    {
      description: 'One order',
      input: z.object({ id: z.int().describe('Of the order') }),
      output: z.object({ id: z.int(), total: z.number() }),
    },
    ({ id }) => ({ id, total: id * 10 }),
  )
  mcp.tool('note', { description: 'Keeps a note', input: z.object({ text: z.string() }) }, ({ text }) => {
    did.push(text)
    return `kept ${text}`
  })
  mcp.tool('confirm', { description: 'Asks', input: z.object({ what: z.string() }) }, async ({ what }, ctx) => {
    const first = await ctx.elicit(`${what}?`, z.object({ yes: z.boolean() }))
    did.push(await ctx.once('work', () => `once ${what}`))
    return `${what} ${first.action}`
  })
  mcp.tool(
    'wait',
    { description: 'Never ends' },
    (_, ctx) =>
      new Promise((_resolve, reject) => {
        did.push('waits')
        ctx.signal.addEventListener('abort', () => {
          did.push('aborted')
          reject(ctx.signal.reason)
        })
      }),
  )
  mcp.tool('flood', { description: 'Gives much' }, () => 'x'.repeat(7_000_000))
  mcp.tool('secret', { description: 'Nobody may see this' }, () => 'no')
  return mcp.transform(codeMode(options))
}

async function run(client: Client, code: string): Promise<unknown> {
  const { data } = await client.callTool<{ result: unknown }>('execute', { code })
  return data.result
}

describeEras(
  'code mode',
  (open) => {
    it('finds and describes tools, and runs code against them', async () => {
      const client = await open(shop())
      expect((await client.tools()).map(({ name }) => name)).toEqual(['search', 'describe', 'execute'])
      const found = await client.callTool('search', { query: 'orders' })
      expect(found.data).toEqual({ tools: [{ name: 'get_order', description: 'One order' }] })
      const { data: typings } = await client.callTool<string>('describe', { names: ['get_order', 'note'] })
      expect(typings).toContain(
        '/** One order */\n  get_order(args: {\n    /** Of the order */\n    id: number\n  }): Promise<{',
      )
      const code = `
      const orders = await Promise.all([1, 2, 3].map((id) => tools.get_order({ id })))
      console.log('orders', orders.length, { a: 1 })
      return orders.reduce((sum, { total }) => sum + total, 0)`
      expect((await client.callTool('execute', { code })).data).toEqual({ result: 60, output: 'orders 3 {"a":1}\n' })
    })

    it('does what has an effect once, however often the client is asked', async () => {
      did.length = 0
      const client = await open(shop(), { onElicit: () => ({ action: 'accept', content: { yes: true } }) })
      const code = `
      const stamp = Math.random() + ':' + Date.now()
      await tools.note({ text: stamp })
      const both = await Promise.all([tools.confirm({ what: 'a' }), tools.confirm({ what: 'b' })])
      const last = await tools.confirm({ what: 'c' })
      await tools.note({ text: stamp })
      return [...both, last]`
      expect(await run(client, code)).toEqual(['a accept', 'b accept', 'c accept'])
      const notes = did.filter((each) => each.includes(':'))
      expect(notes).toHaveLength(2)
      expect(new Set(notes).size).toBe(1)
      expect(did).toEqual(expect.arrayContaining(['once a', 'once b', 'once c']))
    })
  },
  { transports: ['memory', 'http'] },
)

describe('code mode', () => {
  let client: Client
  beforeAll(async () => {
    client = await createTestClient(shop({ limits: { timeMs: 20_000, memoryBytes: 8 * 1024 * 1024, calls: 5 } }))
  })
  afterAll(() => client.close())

  it.each([
    ['return 1 + 1', 2],
    ['return await tools.note({ text: "x" })', 'kept x'],
    ['async () => { return tools["get_order"]({ id: 2 }) }', { id: 2, total: 20 }],
    ['```js\r\nreturn "fenced"\r\n```', 'fenced'],
    ['return globalThis.left ??= "new each time"', 'new each time'],
    ['return globalThis.left ??= "another time"', 'another time'],
    ['return String(tools)', 'tools: call one by its name, as in await tools.name({ id: 1 })'],
    ['try { await tools.get_order({}) } catch (e) { return e.name }', 'ToolError'],
  ])('runs %j', async (code, result) => {
    expect(await run(client, code)).toEqual(result)
  })

  it('takes types out, and reads as TypeScript what means something else without them', async () => {
    const code = `
    interface Order { id: number; total: number }
    enum Mark { Star = '*' }
    const one = (id: number) => tools.get_order({ id }) as Promise<Order>
    function same<T>(value: T): T { return value }
    return [(await one(4))!.total, same<string>(Mark.Star), import.meta.url]`
    expect(await run(client, code)).toEqual([40, '*', 'file:///code.ts'])
    expect(await run(client, 'const same = (value) => value\nreturn same<String>("plain but for this")')).toMatch(
      /^plain/,
    )
  })

  it('says so when nothing is returned and nothing printed', async () => {
    const { data } = await client.callTool('execute', { code: 'async () => { tools.note({ text: "x" }) }' })
    expect(data).toEqual({ result: null, hint: 'The code returned nothing; return what you want to know' })
  })

  it.concurrent.each([
    ['const a = 1\nreturn a.b.c', /TypeError: .*\nLine 2: return a\.b\.c/],
    ['const a: = 1', /SyntaxError: .*\nLine 1/],
    ['import fs from "fs"', /Nothing can be imported/],
    ['console.log("one")\nthrow new Error("two")', /Error: two\nLine 2: throw.*\nPrinted until then:\none/s],
    ['const a = 1\nawait tools.get_order({ idd: 1 })', /ToolError: .*id.*\nLine 2: await tools/s],
    ['await tools.get_ordr({ id: 1 })', /Did you mean "get_order"/],
    ['await tools.get_order(1)', /takes one object/],
    ['await tools.execute({ code: "1" })', /cannot be called by code/],
    ['for (let i = 0; i < 9; i++) await tools.note({ text: "x" })', /may call tools 5 times/],
    ['await new Promise(() => {})', /never comes/],
    ['return "x".repeat(200_000)', /larger than 100000 characters; return only/],
    ['return 1n', /BigInt/],
    ['const a = {}; a.a = a; return a', /circular/],
    ['throw "text"', /Thrown: text/],
    ['throw { toString() { throw 1 }, toJSON() { throw 1 } }', /Thrown: something that cannot be shown/],
    ['throw Object.defineProperty(new Error(), "name", { get() { throw 1 } })', /an error that cannot be shown/],
    ['await tools.note({ toJSON() {} })', /takes one object/],
    ['throw new Error("x".repeat(200_000))', /^Error: x{10000}\n/],
    ['await tools["x".repeat(2_000)]()', /No tool has a name/],
  ])('says what is wrong with %j', async (code, words) => {
    await expect(client.callTool('execute', { code })).rejects.toThrow(words)
  })

  it('names what was meant by a tool that is not there', async () => {
    await expect(client.callTool('describe', { names: ['getOrder'] })).rejects.toThrow(/did you mean get_order/)
  })

  it('has the rights of the caller', async () => {
    const mcp = shop()
    mcp.use(
      'tools/*',
      authorize((_auth, _call, { name }) => name !== 'secret'),
    )
    mcp.disable('tool', 'note')
    const seen: string[] = []
    mcp.use('tools/call', (call, next) => {
      seen.push(call.params.name)
      return next()
    })
    await using limited = await createTestClient(mcp)
    expect((await limited.callTool('search', {})).data).toMatchObject({
      tools: [{ name: 'get_order' }, { name: 'confirm' }, { name: 'wait' }, { name: 'flood' }],
    })
    for (const name of ['secret', 'note']) {
      await expect(run(limited, `return tools.${name}({ text: 'x' })`)).rejects.toThrow(`Unknown tool: ${name}`)
      await expect(limited.callTool('describe', { names: [name] })).rejects.toThrow(/no tool/)
    }
    expect(await run(limited, 'return (await tools.get_order({ id: 1 })).total')).toBe(10)
    expect(seen).toContain('get_order')
  })

  it('knows tools by the names that the caller knows', async () => {
    const mcp = new FastMCP({ name: 'outer', version: '1' })
    mcp.mount('shop', shop())
    await using outer = await createTestClient(mcp)
    const { data } = await outer.callTool('shop_execute', { code: 'return tools.shop_get_order({ id: 3 })' })
    expect(data).toEqual({ result: { id: 3, total: 30 } })
    await expect(outer.callTool('shop_execute', { code: 'return tools.shop_execute({ code: "1" })' })).rejects.toThrow(
      /cannot be called/,
    )
  })

  it.each([
    [{ limits: { timeMs: 0 } }, /timeMs is 0/],
    [{ limits: { timeMs: 10 ** 9 } }, /at most 1800000/],
    [{ limits: { memoryBytes: 1 } }, /1 MiB to 2 GiB/],
    [{ limits: { cpu: 1 } as never }, /no limit "cpu"/],
    [{ names: { search: 'execute' } }, /one name/],
  ])('refuses %j', (options, words) => {
    expect(() => codeMode(options)).toThrow(words)
  })
})

describe('bad code', () => {
  let client: Client
  beforeAll(async () => {
    client = await createTestClient(shop({ limits: { timeMs: 20_000, memoryBytes: 8 * 1024 * 1024, calls: 50 } }))
  })
  afterAll(() => client.close())

  const escapes: readonly (readonly [how: string, code: string, result: unknown])[] = [
    [
      'globals',
      'return ["process", "require", "Buffer", "fetch", "setTimeout", "WebAssembly", "std", "os", "performance", "__name"].filter((n) => n in globalThis)',
      [],
    ],
    [
      'constructors',
      'return tools.constructor.constructor ? typeof Function("return this.process")() : 0',
      'undefined',
    ],
    [
      'the constructor of a call',
      'return tools.note({ text: "c" }).constructor.constructor("return typeof process")()',
      'undefined',
    ],
    [
      'the constructor of what a tool gave',
      'return (await tools.get_order({ id: 1 })).constructor.constructor("return typeof process + typeof require")()',
      'undefinedundefined',
    ],
    [
      'the constructor of an error',
      'try { await tools.nope() } catch (e) { return e.constructor.constructor("return typeof process")() }',
      'undefined',
    ],
    [
      'async generators',
      'const g = (async function* () {}).constructor("yield typeof process")(); return (await g.next()).value',
      'undefined',
    ],
    ['eval', 'return (0, eval)("typeof process + typeof require")', 'undefinedundefined'],
    [
      'error stacks',
      'Error.prepareStackTrace = (_, s) => s; const s = new Error("x").stack; return typeof s === "string" && !/node:|worker_threads|\\/work\\//.test(s)',
      true,
    ],
    [
      'the arguments of a caller',
      'return (function f() { return f.caller === null || f.caller === undefined })()',
      'TypeError',
    ],
    ['import', 'return import("node:fs").then(() => "in", () => "out")', 'out'],
    [
      'patched prototypes',
      'const seen = []; const set = Map.prototype.set; Map.prototype.set = function (k, v) { seen.push(typeof v?.constructor?.constructor("return typeof process")()); return set.call(this, k, v) }; await tools.note({ text: "p" }); return seen',
      [],
    ],
    [
      'a polluted prototype',
      'Object.prototype.ok = true; JSON.parse("{\\"__proto__\\": {\\"x\\": 1}}"); await tools.note({ text: "o" }); return 1',
      1,
    ],
  ]

  it('gets out by nothing', async () => {
    const attempts = escapes.map(([, code]) => `() => (async () => { ${code} })().catch((problem) => problem.name)`)
    const code = `const got = []; for (const attempt of [${attempts.join(', ')}]) got.push(await attempt()); return got`
    const got = await run(client, code)
    expect(Object.fromEntries(escapes.map(([how], index) => [how, (got as unknown[])[index]]))).toEqual(
      Object.fromEntries(escapes.map(([how, , result]) => [how, result])),
    )
    expect(Object.hasOwn(Object.prototype, 'ok')).toBe(false)
  })

  it('ends in time, and holds nothing else up meanwhile', async () => {
    did.length = 0
    await using quick = await createTestClient(shop({ limits: { timeMs: 1_500 } }))
    const endless = [
      'for (;;);',
      'for (;;) await 0',
      'return /^(a+)+$/.test("a".repeat(60) + "!")',
      'return Array.prototype.indexOf.call({ length: 2 ** 53 - 1 }, 1)',
      'await tools.wait()',
      // Takes a reader of TypeScript time that doubles with each.
      `return ${'<T>('.repeat(40)}a${')=>1'.repeat(40)}`,
    ]
    const running = Promise.allSettled(endless.map((code) => quick.callTool('execute', { code })))
    const others = await quick.callTool('search', { query: 'order' })
    expect(others.data).toMatchObject({ tools: [{ name: 'get_order' }] })
    expect(await Promise.race([running, 'still running'])).toBe('still running')
    for (const each of await running) {
      expect(each).toMatchObject({
        status: 'rejected',
        reason: { message: expect.stringContaining('did not finish within 1500 ms') },
      })
    }
    // A busy machine may not even have come to the call in time; what has begun is aborted.
    expect(did.filter((each) => each === 'aborted')).toHaveLength(did.length / 2)
  })

  it.concurrent.each([
    ['memory', 'const all = []; for (;;) all.push({ a: 1 })'],
    ['one text', 'let s = "x"; for (;;) s += s'],
    ['a buffer', 'return new ArrayBuffer(2 ** 30).byteLength'],
    ['recursion', 'const f = () => f() + 1; return f()'],
    ['a flood of promises', 'const all = []; for (;;) all.push(new Promise(() => {}))'],
    ['a flood of calls', 'await Promise.all(Array.from({ length: 2_000 }, () => tools.note({ text: "flood" })))'],
    ['a tool that gives more than fits', 'return (await tools.flood()).length'],
    ['a large argument', 'await tools.note({ text: "x".repeat(2_000_000) })'],
    ['deep nesting', `return ${'['.repeat(20_000)}${']'.repeat(20_000)}`],
    ['a deep value', 'let a = []; for (let i = 0; i < 70; i++) a = [a]; return a'],
    ['a value too deep for JSON', 'let a = []; for (let i = 0; i < 12_000; i++) a = [a]; return a'],
    ['deep arguments', 'let a = {}; for (let i = 0; i < 3_000; i++) a = { a }; await tools.note(a)'],
  ])('is refused: %s', async (_what, code) => {
    await expect(client.callTool('execute', { code })).rejects.toThrow(
      /memory|stack|RangeError|nests? deeper|may call tools|larger than|too (?:large|deep|long)|could not|sandbox/i,
    )
  })

  it('prints no more than may be', async () => {
    const { data } = await client.callTool<{ output: string }>('execute', {
      code: 'for (let i = 0; i < 5_000; i++) console.log("x".repeat(100)); return 1',
    })
    expect(data.output.length).toBeLessThan(100_010)
  })

  it('is aborted with its call', async () => {
    did.length = 0
    const stop = new AbortController()
    const running = client.callTool('execute', { code: 'await tools.wait()' }, { signal: stop.signal })
    await vi.waitFor(() => expect(did).toEqual(['waits']), 10_000)
    stop.abort()
    await expect(running).rejects.toThrow()
    expect(await run(client, 'return 1')).toBe(1)
    expect(did).toEqual(['waits', 'aborted'])
  })

  it('runs at most so often at a time', async () => {
    await using few = await createTestClient(shop({ limits: { runs: 1 } }))
    const stop = new AbortController()
    did.length = 0
    const one = few.callTool('execute', { code: 'await tools.wait()' }, { signal: stop.signal })
    one.catch(() => undefined)
    await vi.waitFor(() => expect(did).toEqual(['waits']), 10_000)
    await expect(few.callTool('execute', { code: 'return 1' })).rejects.toThrow(/Too much code/)
    stop.abort()
    await expect(one).rejects.toThrow()
    await vi.waitFor(() => expect(did).toHaveLength(2))
    await vi.waitFor(async () => expect(await run(few, 'return 1')).toBe(1), 10_000)
  })

  it('lets a process end by itself', async () => {
    const door = (name: string) => JSON.stringify(new URL(`../../../dist/${name}/index.js`, import.meta.url).href)
    const script = `
    const { FastMCP } = await import(${JSON.stringify(new URL('../../../dist/index.js', import.meta.url).href)})
    const { codeMode } = await import(${door('transforms/code-mode')})
    const { createTestClient } = await import(${door('testing')})
    const client = await createTestClient(new FastMCP({ name: 's', version: '1' }).transform(codeMode()))
    console.log((await client.callTool('execute', { code: 'return "ran"' })).data.result)
    await client.close()`
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], {
      timeout: 15_000,
    })
    expect(stdout).toBe('ran\n')
  })
})
