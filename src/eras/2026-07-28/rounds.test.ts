import fc from 'fast-check'
import { afterEach, describe, expect, it, vi } from 'vitest'
import {
  application,
  eraOf,
  gate,
  type Json,
  META,
  post,
  request,
  type Seen,
  text,
} from '../../../tests/kit/stateless.ts'
import type { Auth } from '../../engine/auth.ts'
import type { AnyResult, Call } from '../../engine/call.ts'
import type { Context } from '../../engine/context.ts'
import { isRecord } from '../../protocol/json-rpc.ts'
import { decodeBase64Url, encodeBase64Url } from '../../storage/base64url.ts'
import { createMemoryStorage } from '../../storage/memory.ts'
import type { Era, EraOptions } from '../era.ts'

afterEach(() => void vi.useRealTimers())

const ABLE = { elicitation: { form: {}, url: {} }, sampling: {}, roots: {} }
const NAME = { type: 'object', properties: { name: { type: 'string' } }, required: ['name'] } as const

type Handler = (ctx: Context, args: Json) => unknown

/** A server of one tool, prompt and resource that all do the same. */
function server(handler: Handler, options: Partial<EraOptions> = {}): { era: Era; reports: Error[] } {
  const run = async ({ context, params }: Call): Promise<AnyResult> => {
    const args = 'arguments' in params && isRecord(params.arguments) ? params.arguments : {}
    const said = await handler(context, args)
    return text(typeof said === 'string' ? said : JSON.stringify(said))
  }
  const app = application({ run: { 'tools/call': run, 'prompts/get': run, 'resources/read': run, 'tools/list': run } })
  return { era: eraOf(app, {}, { requestState: { keys: ['k'.repeat(32)] }, ...options }), reports: app.reports }
}

interface Round {
  readonly args?: Json
  readonly state?: unknown
  readonly responses?: unknown
  readonly auth?: Auth
  readonly name?: string
  readonly able?: Json
}

/** Calls the tool, or goes on with a call. */
async function call(
  era: Era,
  { args = {}, state, responses, auth, name = 'work', able = ABLE }: Round = {},
): Promise<Seen> {
  const params = {
    name,
    arguments: args,
    ...(state !== undefined && { requestState: state }),
    ...(responses !== undefined && { inputResponses: responses }),
    _meta: { ...META, 'io.modelcontextprotocol/clientCapabilities': able },
  }
  return post(era, request('tools/call', params), auth === undefined ? {} : { auth })
}

const resultOf = ({ body }: Seen): Json => (isRecord(body.result) ? body.result : {})
const stateOf = (seen: Seen): string => String(resultOf(seen).requestState)
const asksOf = (seen: Seen): Json => {
  const { resultType, inputRequests } = resultOf(seen)
  expect(resultType).toBe('input_required')
  return isRecord(inputRequests) ? inputRequests : {}
}
const saidIn = (seen: Seen): string => {
  const { content, resultType } = resultOf(seen) as { content?: { text: string }[]; resultType?: string }
  expect(resultType).toBe('complete')
  return content?.[0]?.text ?? ''
}

const accept = (content: Json) => ({ action: 'accept', content })
const askName = async (ctx: Context): Promise<string> => {
  const answer = await ctx.elicit('Name?', NAME, { key: 'name' })
  return answer.action === 'accept' ? `Hello ${answer.content.name}` : answer.action
}

describe('a question', () => {
  it('ends the round, and its answer goes on with the call', async () => {
    const { era } = server(askName)
    const first = await call(era)
    expect(first).toMatchObject({ status: 200, isStream: false })
    expect(asksOf(first)).toEqual({
      name: { method: 'elicitation/create', params: { mode: 'form', message: 'Name?', requestedSchema: NAME } },
    })
    expect(resultOf(first)._meta).toMatchObject({ 'io.modelcontextprotocol/serverInfo': { name: 'server' } })
    const last = await call(era, { state: stateOf(first), responses: { name: accept({ name: 'Ada' }) } })
    expect(saidIn(last)).toBe('Hello Ada')
  })

  it('may come answered from the start', async () => {
    const { era } = server(askName)
    const responses = { name: accept({ name: 'Ada' }), other: accept({}), __proto__: accept({}) }
    expect(saidIn(await call(era, { responses }))).toBe('Hello Ada')
  })

  it.each([
    ['nothing', undefined],
    ['null', null],
    ['another key', { nam: accept({ name: 'Ada' }) }],
    ['no answer', { name: 12345 }],
    ['null under the key', { name: null }],
    ['an answer of another kind', { name: { roots: [] } }],
    ['an unknown action', { name: { action: 'yes', content: { name: 'Ada' } } }],
    ['content of a wrong shape', { name: accept({ name: { first: 'Ada' } }) }],
  ])('that got %s is asked again', async (_, responses) => {
    const { era } = server(askName)
    expect(Object.keys(asksOf(await call(era, { responses })))).toEqual(['name'])
    const state = stateOf(await call(era))
    const again = await call(era, { state, responses })
    expect(Object.keys(asksOf(again))).toEqual(['name'])
    expect(saidIn(await call(era, { state: stateOf(again), responses: { name: accept({ name: 'Eve' }) } }))).toBe(
      'Hello Eve',
    )
  })

  it('is not answered by what was never asked', async () => {
    const { era } = server(async (ctx) => {
      await ctx.elicit('First?', NAME, { key: 'first' })
      return askName(ctx)
    })
    const state = stateOf(await call(era))
    const seen = await call(era, {
      state,
      responses: { first: accept({ name: 'x' }), name: accept({ name: 'early' }) },
    })
    expect(Object.keys(asksOf(seen))).toEqual(['name'])
  })

  it('refuses answers that are no object', async () => {
    for (const responses of [[], 'x', 1]) {
      expect(await call(server(askName).era, { responses })).toMatchObject({
        status: 400,
        body: { error: { code: -32602 } },
      })
    }
  })

  it('can be asked by prompts and resources, and by nothing else', async () => {
    const { era } = server(askName)
    const _meta = { ...META, 'io.modelcontextprotocol/clientCapabilities': ABLE }
    for (const [method, params] of [
      ['prompts/get', { name: 'p' }],
      ['resources/read', { uri: 'x:1' }],
    ] as const) {
      const state = stateOf(await post(era, request(method, { ...params, _meta })))
      const inputResponses = { name: accept({ name: 'Ada' }) }
      const seen = await post(era, request(method, { ...params, requestState: state, inputResponses, _meta }))
      expect(saidIn(seen)).toBe('Hello Ada')
    }
    expect((await post(era, request('tools/list', { _meta }))).body.error).toMatchObject({ code: -32600 })
  })

  it('needs a client that has declared the capability', async () => {
    const seen = await call(server(askName).era, { able: { sampling: {} } })
    expect(seen).toMatchObject({
      status: 400,
      body: { error: { code: -32021, data: { requiredCapabilities: { elicitation: { form: {} } } } } },
    })
  })
})

describe('the rounds of a call', () => {
  it('take all questions that are asked together', async () => {
    const { era } = server(async (ctx) => {
      const [a, b, c] = await Promise.all([
        ctx.elicit('A?', NAME),
        ctx.sample({ messages: 'B?' }),
        ctx.once('slow', () => 1).then(() => ctx.roots()),
      ])
      return [a.action, b.text, c]
    })
    const first = await call(era)
    expect(Object.keys(asksOf(first))).toEqual(['elicitation-1', 'sampling-1', 'roots-1'])
    expect(asksOf(first)['roots-1']).toEqual({ method: 'roots/list', params: {} })
    const b = { role: 'assistant', model: 'm', content: { type: 'text', text: 'fine' } }
    const partly = await call(era, { state: stateOf(first), responses: { 'sampling-1': b } })
    expect(Object.keys(asksOf(partly))).toEqual(['elicitation-1', 'roots-1'])
    const responses = {
      'elicitation-1': { action: 'decline' },
      'roots-1': { roots: [{ uri: 'file:///a' }, { uri: 'x:y' }] },
    }
    expect(JSON.parse(saidIn(await call(era, { state: stateOf(partly), responses })))).toEqual([
      'decline',
      'fine',
      [{ uri: 'file:///a' }],
    ])
  })

  it('go on whatever the handler does with the error, and run its finally', async () => {
    const deeds: string[] = []
    const { era, reports } = server(async (ctx) => {
      try {
        return await askName(ctx)
      } catch (problem) {
        deeds.push((problem as { code: string }).code)
        throw new Error('mine', { cause: problem })
      } finally {
        deeds.push('finally')
      }
    })
    expect(Object.keys(asksOf(await call(era)))).toEqual(['name'])
    expect(deeds).toEqual(['INPUT_REQUIRED', 'finally'])
    expect(reports).toEqual([])
  })

  it('go on with a question that nobody waited for', async () => {
    const { era } = server((ctx) => {
      void ctx.elicit('Name?', NAME, { key: 'name' })
      return 'done'
    })
    expect(Object.keys(asksOf(await call(era)))).toEqual(['name'])
  })

  it('keep what ctx.once gave, undefined and null too, and not what it threw', async () => {
    let tries = 0
    const { era } = server(async (ctx) => {
      const kept = await Promise.all([
        ctx.once('nothing', () => undefined),
        ctx.once('null', () => null),
        ctx.once('data', () => ({ tries: ++tries, list: [1, { a: 'b' }] })),
        ctx.once('data', () => ({ tries: ++tries })),
      ])
      await ctx.once('fails', () => Promise.reject(new Error(`${++tries}`))).catch(() => undefined)
      await askName(ctx)
      return [kept.map((value) => value ?? String(value)), tries]
    })
    const first = await call(era)
    const last = await call(era, { state: stateOf(first), responses: { name: { action: 'cancel' } } })
    const data = { tries: 1, list: [1, { a: 'b' }] }
    expect(JSON.parse(saidIn(last))).toEqual([['undefined', 'null', data, data], 3])
  })

  it('say what ctx.once cannot keep', async () => {
    const problems: string[] = []
    const { era } = server(async (ctx) => {
      for (const value of [new Date(), { at: [new Map()] }, Number.NaN, () => 1, 1n]) {
        await ctx.once(`k${problems.length}`, () => value).catch(({ message }) => problems.push(message))
      }
      return 'done'
    })
    expect(saidIn(await call(era))).toBe('done')
    expect(problems[0]).toMatch(/^ctx\.once\("k0"\): the result is an instance of Date; return JSON values/)
    expect(problems[1]).toContain('the result.at[0] is an instance of Map')
    expect(problems).toHaveLength(5)
  })

  it('end with a clear error when the handler asks something else the next time', async () => {
    let now = 0
    const { era } = server(async (ctx) => (await ctx.elicit(`It is ${++now}. Name?`, NAME)).action)
    const first = await call(era)
    const seen = await call(era, { state: stateOf(first), responses: { 'elicitation-1': accept({ name: 'x' }) } })
    expect(seen.body.error).toMatchObject({
      code: -32603,
      message: expect.stringContaining('something else as "elicitation-1"'),
    })
  })

  it('are the same however often they are run', async () => {
    const { era } = server(async (ctx, { plan }) => {
      const log: unknown[] = []
      for (const [n, step] of (plan as string[]).entries()) {
        if (step === 'once') log.push(await ctx.once(`o${n}`, () => n))
        if (step === 'elicit') log.push((await ctx.elicit(`Q${n}`, NAME)).action)
        if (step === 'roots') log.push((await ctx.roots()).length)
        if (step === 'both') log.push((await Promise.all([ctx.elicit(`B${n}`, NAME), ctx.roots()])).length)
      }
      return log
    })
    const Step = fc.constantFrom('once' as const, 'elicit' as const, 'roots' as const, 'both' as const)
    await fc.assert(
      fc.asyncProperty(fc.array(Step, { maxLength: 8 }), fc.boolean(), async (plan, isPartial) => {
        const args = { plan }
        let seen = await call(era, { args })
        const cost = { once: 0, elicit: 1, roots: 1, both: isPartial ? 2 : 1 }
        const rounds = plan.reduce((sum, step) => sum + cost[step], 0)
        while (resultOf(seen).resultType === 'input_required') {
          const asked = Object.entries(asksOf(seen)).slice(0, isPartial ? 1 : undefined)
          const responses = Object.fromEntries(
            asked.map(([key, ask]) => [
              key,
              (ask as Json).method === 'roots/list' ? { roots: [{ uri: 'file:///a' }] } : { action: 'decline' },
            ]),
          )
          seen = await call(era, { args, state: stateOf(seen), responses })
        }
        const expected = plan.map((step, n) => ({ once: n, elicit: 'decline', roots: 1, both: 2 })[step])
        if (rounds > 10) expect(seen.body.error).toMatchObject({ code: -32600 })
        else expect(JSON.parse(saidIn(seen))).toEqual(expected)
      }),
      { numRuns: 40 },
    )
  })

  it('ST-02: are ten at most', async () => {
    const { era } = server(async (ctx) => {
      for (let n = 1; ; n++) await ctx.elicit(`Q${n}`, NAME, { key: `q${n}` })
    })
    let seen = await call(era)
    for (let n = 1; n < 10; n++)
      seen = await call(era, { state: stateOf(seen), responses: { [`q${n}`]: accept({ name: '' }) } })
    expect(Object.keys(asksOf(seen))).toEqual(['q10'])
    const over = await call(era, { state: stateOf(seen), responses: { q10: accept({ name: '' }) } })
    expect(over.body.error).toMatchObject({ code: -32600, message: expect.stringContaining('After 10 rounds') })
    for (let n = 0; n < 3; n++)
      expect((await call(era, { state: stateOf(seen), responses: {} })).body.error).toBeDefined()
  })

  it('remember nothing here of clients that never come back', async () => {
    const storage = createMemoryStorage()
    const { era } = server(askName, { storage })
    for (let n = 0; n < 200; n++) asksOf(await call(era))
    for await (const key of storage.list('')) throw new Error(key)
  })
})

describe('a state that comes back', () => {
  const alice: Auth = { subject: 'alice', issuer: 'https://id.example' }
  const bob: Auth = { subject: 'bob', issuer: 'https://id.example' }
  const responses = { name: accept({ name: 'Ada' }) }
  const refusal = { status: 400, body: { error: { code: -32602, message: expect.stringContaining('"requestState"') } } }

  it('ST-01: is refused in the same words, whatever is wrong with it', async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    const { era } = server(askName)
    const args = { a: 1, b: { c: [1, 2] } }
    const state = stateOf(await call(era, { args, auth: alice }))
    const bytes = decodeBase64Url(state) ?? new Uint8Array()
    const flipped = encodeBase64Url(bytes.map((byte, at) => (at === bytes.length - 3 ? byte ^ 4 : byte)))
    const seen = [
      await call(era, { args, auth: alice, responses, state: flipped }),
      await call(era, { args, auth: alice, responses, state: `${state}-TAMPERED` }),
      await call(era, { args, auth: alice, responses, state: 5 }),
      await call(era, { args, auth: alice, responses, state: '' }),
      await call(era, { args, auth: bob, responses, state }),
      await call(era, { args, responses, state }),
      await call(era, { args: { ...args, a: 2 }, auth: alice, responses, state }),
      await call(era, { args, auth: alice, responses, state, name: 'other' }),
      await call(server(askName, { requestState: { keys: ['x'.repeat(32)] } }).era, {
        args,
        auth: alice,
        responses,
        state,
      }),
    ]
    vi.advanceTimersByTime(599_999)
    // Arguments that are equal as JSON are the same arguments.
    expect(saidIn(await call(era, { args: { b: { c: [1, 2] }, a: 1 }, auth: alice, responses, state }))).toBe(
      'Hello Ada',
    )
    vi.advanceTimersByTime(1)
    seen.push(await call(era, { args, auth: alice, responses, state }))
    for (const each of seen) expect(each).toMatchObject(refusal)
    expect(new Set(seen.map(({ body }) => JSON.stringify(body))).size).toBe(1)
  })

  it('ST-01: sealed by an older key of the ring is taken', async () => {
    const [old, fresh] = ['o'.repeat(32), 'n'.repeat(32)]
    const state = stateOf(await call(server(askName, { requestState: { keys: [old] } }).era))
    const { era } = server(askName, { requestState: { keys: [fresh, old] } })
    expect(saidIn(await call(era, { state, responses }))).toBe('Hello Ada')
  })

  it('ST-01: lives as long as the server says', async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    const { era } = server(askName, { requestState: { ttlMs: 1_000 } })
    const state = stateOf(await call(era))
    vi.advanceTimersByTime(1_000)
    expect(await call(era, { state, responses })).toMatchObject(refusal)
  })

  it('ST-02: of a megabyte is refused like any other', async () => {
    const { era } = server(askName)
    expect(await call(era, { state: 'A'.repeat(1_000_000), responses })).toMatchObject(refusal)
  })

  it('hides what is in it', async () => {
    const { era } = server(async (ctx) => {
      await ctx.once('secret', () => 'the canary sings')
      return askName(ctx)
    })
    const bytes = decodeBase64Url(stateOf(await call(era))) ?? new Uint8Array()
    expect(new TextDecoder().decode(bytes)).not.toContain('canary')
  })
})

describe('a journal that is too long to travel', () => {
  const long: Handler = async (ctx) => {
    const kept = await ctx.once('long', () => 'x'.repeat(40_000))
    return `${await askName(ctx)} ${kept.length}`
  }
  const responses = { name: accept({ name: 'Ada' }) }

  it('lies in the storage, sealed; what travels is short', async () => {
    const storage = createMemoryStorage()
    const { era } = server(long, { storage })
    const first = await call(era)
    expect(stateOf(first).length).toBeLessThan(1_000)
    const keys: string[] = []
    for await (const key of storage.list('')) keys.push(key)
    expect(keys).toEqual([expect.stringMatching(/^fastmcp:request-state:[\w-]{32}$/)])
    expect(String(await storage.get(keys[0] ?? ''))).not.toContain('xxxxxxxx')
    expect(saidIn(await call(era, { state: stateOf(first), responses }))).toBe('Hello Ada 40000')
  })

  it('ST-04: is found by nobody else, and not once it is gone', async () => {
    const storage = createMemoryStorage()
    const { era } = server(long, { storage })
    const alice: Auth = { subject: 'alice' }
    const state = stateOf(await call(era, { auth: alice }))
    const bodies = [
      await call(era, { state, responses, auth: { subject: 'bob' } }),
      await call(era, { state: 'h'.repeat(60), responses }),
    ]
    for await (const key of storage.list('')) await storage.delete(key)
    bodies.push(await call(era, { state, responses, auth: alice }))
    for (const { status } of bodies) expect(status).toBe(400)
    expect(new Set(bodies.map(({ body }) => JSON.stringify(body))).size).toBe(1)
  })

  it('ST-04: cannot be swapped for another one in the storage', async () => {
    const storage = createMemoryStorage()
    const { era } = server(long, { storage })
    const state = stateOf(await call(era, { args: { n: 1 } }))
    await call(era, { args: { n: 2 } })
    const keys: string[] = []
    for await (const key of storage.list('')) keys.push(key)
    await storage.set(keys[0] ?? '', (await storage.get(keys[1] ?? '')) ?? '')
    expect(await call(era, { args: { n: 1 }, state, responses })).toMatchObject({ status: 400 })
  })

  it('ST-02: is refused once it is too long for the storage too', async () => {
    const { era } = server(async (ctx) => {
      await ctx.once('long', () => 'x'.repeat(2_000_000))
      return askName(ctx)
    })
    expect((await call(era)).body.error).toMatchObject({ code: 1413 })
  })
})

describe('a call that asks', () => {
  it('keeps others apart that ask at the same time', async () => {
    const open = gate()
    const { era } = server(async (ctx, { who }) => {
      await open.passed
      return `${String(who)}: ${await askName(ctx)}`
    })
    const people = Array.from({ length: 50 }, (_, n) => `p${n}`)
    const firsts = people.map((who) => call(era, { args: { who }, auth: { subject: who } }))
    open.open()
    const lasts = (await Promise.all(firsts)).map((first, n) => {
      const who = people[n] ?? ''
      const answer = { name: accept({ name: who.toUpperCase() }) }
      return call(era, { args: { who }, auth: { subject: who }, state: stateOf(first), responses: answer })
    })
    expect((await Promise.all(lasts)).map(saidIn)).toEqual(people.map((who) => `${who}: Hello ${who.toUpperCase()}`))
  })
})
