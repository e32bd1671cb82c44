import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type Begun, greeted, initializing, Peer, serve, TestClient } from '../../../tests/kit/stateful.ts'
import { gate, type Json, text } from '../../../tests/kit/stateless.ts'
import type { Ability } from '../../engine/abilities.ts'
import { backstageOf } from '../../engine/backstage.ts'
import type { Context } from '../../engine/context.ts'
import type { Origin } from '../../engine/origin.ts'
import type { AskMethod } from '../../protocol/asks.ts'
import { McpError } from '../../protocol/errors.ts'
import { inputRequired } from '../../protocol/input-required.ts'
import { receive } from '../../protocol/json-rpc.ts'
import type { EraOptions } from '../era.ts'

// A context does not show the way to its client.
const originOf = (context: Context): Origin => backstageOf(context).origin

type Asking = (origin: Origin) => Promise<unknown>

const FORM = { message: 'Sure?', requestedSchema: { type: 'object', properties: {} } }
const elicit: Asking = (origin) => origin.ask('form', 'elicitation/create', FORM)

/** A server whose tool asks and answers with what it heard, good or bad. */
function asking(ask: Asking, options: Partial<EraOptions> = {}) {
  const said = (problem: unknown) => (problem instanceof McpError ? `${problem.code}: ${problem.message}` : 'other')
  return serve(
    {
      run: {
        'tools/call': ({ context }) =>
          ask(originOf(context)).then(
            (heard) => text(JSON.stringify(heard)),
            (p) => text(said(p)),
          ),
      },
    },
    options,
  )
}

const CALL = { jsonrpc: '2.0', id: 'call', method: 'tools/call', params: { name: 'work' } }
const ANY = { capabilities: { elicitation: {}, sampling: {}, roots: {} } }

const begin = (client: TestClient, headers = {}): Begun => client.begin('POST', CALL, headers)
const asked = ({ exchange }: Begun): Json => exchange.messages.at(-1) ?? {}
const heard = async (begun: Begun): Promise<string> => {
  const { result } = (await begun.seen).body as { result?: { content: { text: string }[] } }
  return result?.content[0]?.text ?? ''
}

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

describe('asking the client', () => {
  it('goes on the stream of the request that asks; the answer comes by a POST of its own', async () => {
    const client = await greeted(asking(elicit).era, ANY)
    const listening = client.get()
    const call = begin(client)
    expect(asked(call)).toMatchObject({ jsonrpc: '2.0', id: 1, method: 'elicitation/create', params: FORM })
    const result = { action: 'accept', content: { sure: true } }
    expect(await client.post({ jsonrpc: '2.0', id: 1, result })).toMatchObject({ status: 202, body: {} })
    expect(await heard(call)).toBe(JSON.stringify(result))
    expect(listening.exchange.messages).toEqual([])
    expect(vi.getTimerCount()).toBe(2) // the sweep and the heartbeat
  })

  it('knows its answers apart, whatever their order', async () => {
    const three = (origin: Origin) => Promise.all([1, 2, 3].map((n) => origin.ask(`roots-${n}`, 'roots/list', {})))
    const client = await greeted(asking(three).era, ANY)
    const call = begin(client)
    const ids = call.exchange.messages.map(({ id }) => id)
    for (const id of ids.toReversed()) await client.post({ jsonrpc: '2.0', id, result: { roots: [], n: id } })
    expect(JSON.parse(await heard(call))).toEqual(ids.map((n) => ({ roots: [], n })))
  })

  it('says why when the client refuses', async () => {
    const client = await greeted(asking(elicit).era, ANY)
    const call = begin(client)
    await client.post({ jsonrpc: '2.0', id: 1, error: { code: -1, message: `no ${'x'.repeat(10_000)}` } })
    expect(await heard(call)).toMatch(/^INVALID_REQUEST: The client refused elicitation\/create \(-1\): no x+$/)
    expect((await heard(call)).length).toBeLessThan(700)
  })

  it('FR-15: is not answered by an unknown id, another session, or a guest', async () => {
    const { era } = asking(elicit)
    const [client, other] = [await greeted(era, ANY), await greeted(era, ANY)]
    const calls = [begin(client), begin(other)]
    const wrong = { jsonrpc: '2.0', result: { action: 'accept', by: 'stranger' } }
    for (const id of ['1', 2, -1]) expect((await client.post({ ...wrong, id })).status).toBe(202)
    await new TestClient(era).post({ ...wrong, id: 1 })
    await other.post({ ...wrong, id: 1, result: { action: 'decline' } })
    expect(await heard(calls[1] as Begun)).toBe('{"action":"decline"}')
    await client.post({ ...wrong, id: 1, result: { action: 'cancel' } })
    expect(await heard(calls[0] as Begun)).toBe('{"action":"cancel"}')
    expect((await client.post({ ...wrong, id: 1 })).status).toBe(202)
  })

  it('gives up after ten minutes, and tells the client so', async () => {
    const client = await greeted(asking(elicit).era, ANY)
    const call = begin(client)
    await vi.advanceTimersByTimeAsync(600_000)
    expect(await heard(call)).toBe('TIMEOUT: No answer to elicitation/create within 600 s')
    expect(call.exchange.messages[1]).toMatchObject({ method: 'notifications/cancelled', params: { requestId: 1 } })
  })

  it('waits as long as the server says', async () => {
    const client = await greeted(asking(elicit, { asks: { timeoutMs: 1_000 } }).era, ANY)
    const call = begin(client)
    await vi.advanceTimersByTimeAsync(1_000)
    expect(await heard(call)).toBe('TIMEOUT: No answer to elicitation/create within 1 s')
  })

  it.each([{ action: 'yes' }, { action: 'accept', content: { a: { b: 1 } } }, { content: {} }, { roots: [] }])(
    'refuses %j, which is no answer to a form',
    async (result) => {
      const client = await greeted(asking(elicit).era, ANY)
      const call = begin(client)
      await client.post({ jsonrpc: '2.0', id: 1, result })
      expect(await heard(call)).toMatch(/^INVALID_REQUEST: The client's answer to elicitation\/create does not have/)
    },
  )

  it('asks once under one key, and says when the question changed', async () => {
    const twice: Asking = async (origin) => [
      await Promise.all([elicit(origin), elicit(origin)]),
      await elicit(origin),
      await origin.ask('form', 'elicitation/create', { ...FORM, message: 'Really?' }).catch(({ message }) => message),
    ]
    const client = await greeted(asking(twice).era, ANY)
    const call = begin(client)
    expect(call.exchange.messages).toHaveLength(1)
    const result = { action: 'decline' }
    await client.post({ jsonrpc: '2.0', id: 1, result })
    expect(JSON.parse(await heard(call))).toEqual([[result, result], result, expect.stringContaining('"form"')])
  })

  it('ends when the client hangs up on the request, which goes on, and cannot come back for it', async () => {
    const roots: Asking = (origin) => origin.ask('roots', 'roots/list', {})
    const client = await greeted(asking(roots).era, { ...ANY, protocolVersion: '2024-11-05' })
    const call = begin(client)
    call.exchange.hangUp()
    expect(await heard(call)).toBe('') // nobody takes the answer any more
    expect((await client.request('ping')).status).toBe(200)
  })

  it('ends when the request is cancelled or the session deleted', async () => {
    const reasons: unknown[] = []
    const { era } = serve({
      run: {
        'tools/call': async ({ context }) => {
          await elicit(originOf(context)).catch((problem) => reasons.push(problem.code))
          return text('')
        },
      },
    })
    const client = await greeted(era, ANY)
    const first = begin(client)
    await client.notify('notifications/cancelled', { requestId: 'call' })
    expect(await first.seen).toMatchObject({ isStream: true })
    const other = await greeted(era, ANY)
    const second = begin(other)
    await other.delete()
    expect((await second.seen).exchange.messages).toHaveLength(1)
    expect(reasons).toEqual(['CANCELLED', 'CANCELLED'])
    await client.delete()
    expect(vi.getTimerCount()).toBe(0)
  })

  it('that nobody waits for any more harms nothing', async () => {
    const { era } = serve({
      run: {
        'tools/call': ({ context }) => {
          void elicit(originOf(context))
          return text('done')
        },
      },
    })
    const client = await greeted(era, ANY)
    const seen = await begin(client).seen
    expect(seen.exchange.messages).toHaveLength(2)
    expect(vi.getTimerCount()).toBe(1) // the sweep
  })

  it('after the answer is refused', async () => {
    const kept: Origin[] = []
    const { era } = serve({
      run: {
        'tools/call': ({ context }) => {
          kept.push(originOf(context))
          return text('done')
        },
      },
    })
    await begin(await greeted(era, ANY)).seen
    await expect(elicit(kept[0] as Origin)).rejects.toMatchObject({ code: 'CANCELLED' })
  })

  it('needs a client that takes event streams', async () => {
    const client = await greeted(asking(elicit).era, ANY)
    expect(await heard(begin(client, { accept: 'application/json' }))).toMatch(
      /^INVALID_REQUEST: The client cannot be asked/,
    )
  })

  it('needs a session, and says so', async () => {
    const { era } = asking(elicit)
    expect(await heard(begin(new TestClient(era)))).toMatch(/^INVALID_REQUEST: .* needs a session: .*initialize/)
  })

  it('is a thing of known methods', async () => {
    const client = await greeted(asking((origin) => origin.ask('tools', 'tools/list' as AskMethod, {})).era, ANY)
    expect(await heard(begin(client))).toMatch(/^INVALID_REQUEST: /)
  })
})

describe('what a client can be asked', () => {
  const URL_MODE = { mode: 'url', message: 'Visit', url: 'https://example.com' }
  const TOOLS = { messages: [], maxTokens: 1, tools: [] }
  const NEWEST = '2025-11-25'

  it.each([
    ['elicitation/create', FORM, { elicitation: {} }, NEWEST],
    ['elicitation/create', FORM, { elicitation: { form: {} } }, NEWEST],
    ['elicitation/create', FORM, { elicitation: {} }, '2025-06-18'],
    ['elicitation/create', URL_MODE, { elicitation: { url: {} } }, NEWEST],
    ['sampling/createMessage', {}, { sampling: {} }, '2024-11-05'],
    ['sampling/createMessage', TOOLS, { sampling: { tools: {} } }, NEWEST],
    ['roots/list', {}, { roots: {} }, '2024-11-05'],
    ['ping', {}, {}, '2024-11-05'],
  ])('%s with %j: a client with %j at %s', async (method, params, capabilities, protocolVersion) => {
    const client = await greeted(asking((origin) => origin.ask('key', method as AskMethod, params)).era, {
      capabilities,
      protocolVersion,
    })
    expect(asked(begin(client))).toMatchObject({ method, params })
  })

  it.each([
    ['elicitation/create', FORM, {}, NEWEST, 'elicitation'],
    ['elicitation/create', FORM, { elicitation: 1 }, NEWEST, 'elicitation'],
    ['elicitation/create', FORM, { elicitation: { url: {} } }, NEWEST, 'elicitation'],
    ['elicitation/create', FORM, { elicitation: {} }, '2025-03-26', 'elicitation'],
    ['elicitation/create', URL_MODE, { elicitation: {} }, NEWEST, 'elicitation.url'],
    ['elicitation/create', URL_MODE, { elicitation: { url: {} } }, '2025-06-18', 'elicitation.url'],
    ['sampling/createMessage', {}, { roots: {} }, NEWEST, 'sampling'],
    ['sampling/createMessage', TOOLS, { sampling: {} }, NEWEST, 'sampling.tools'],
    ['roots/list', {}, { sampling: {} }, NEWEST, 'roots'],
  ])(
    '%s with %j: not a client with %j at %s, for want of %s',
    async (method, params, capabilities, protocolVersion, lack) => {
      const client = await greeted(asking((origin) => origin.ask('key', method as AskMethod, params)).era, {
        capabilities,
        protocolVersion,
      })
      expect(await heard(begin(client))).toMatch(new RegExp(`^MISSING_CLIENT_CAPABILITY: .*"${lack}"`))
    },
  )

  it('a form without a mode before there were modes, a visit with an id of its own', async () => {
    const form = asking((origin) => origin.ask('form', 'elicitation/create', { mode: 'form', ...FORM }))
    const older = await greeted(form.era, { ...ANY, protocolVersion: '2025-06-18' })
    expect(asked(begin(older)).params).toEqual(FORM)
    const visit = asking((origin) => origin.ask('visit', 'elicitation/create', URL_MODE))
    const newer = await greeted(visit.era, { capabilities: { elicitation: { url: {} } } })
    expect(asked(begin(newer)).params).toMatchObject({ elicitationId: expect.stringMatching(/^[0-9a-f]{32}$/) })
  })
})

describe('a form for clients of the revision before modes', () => {
  const titled = { type: 'string', title: 'Colour', oneOf: [{ const: '#f00', title: 'Red' }], default: '#f00' }
  const several = { type: 'array', items: { type: 'string', enum: ['x'] } }
  const formOf = (properties: Json) => ({ message: 'Which?', requestedSchema: { type: 'object', properties } })
  const older = { ...ANY, protocolVersion: '2025-06-18' }

  it('names its choices the old way', async () => {
    const plain = { type: 'string', enum: ['a'], enumNames: ['Ah'] }
    const params = formOf({ titled, plain, n: { type: 'integer', default: 1 } })
    const form = asking((origin) => origin.ask('form', 'elicitation/create', params))
    expect(asked(begin(await greeted(form.era, older))).params).toEqual(
      formOf({
        titled: { type: 'string', title: 'Colour', default: '#f00', enum: ['#f00'], enumNames: ['Red'] },
        plain,
        n: { type: 'integer', default: 1 },
      }),
    )
  })

  it('cannot let choose several, and says so', async () => {
    const form = asking((origin) => origin.ask('form', 'elicitation/create', formOf({ several })))
    expect(await heard(begin(await greeted(form.era, older)))).toMatch(
      /^MISSING_CLIENT_CAPABILITY: .*several of "several".*too old/,
    )
    expect(asked(begin(await greeted(form.era, ANY))).params).toEqual(formOf({ several }))
  })
})

describe('what ctx.client can', () => {
  it.each([
    [
      '2025-11-25',
      ['elicitation', 'elicitation.url', 'sampling', 'sampling.tools', 'roots', 'extensions.io.example/x'],
    ],
    ['2025-06-18', ['elicitation', 'sampling', 'roots']],
    ['2024-11-05', ['sampling', 'roots']],
  ])('is what its revision %s knows of what it declared', async (protocolVersion, expected) => {
    const abilities = [
      'elicitation',
      'elicitation.url',
      'sampling',
      'sampling.tools',
      'roots',
      'extensions.io.example/x',
    ]
    const capabilities = {
      elicitation: { form: {}, url: {} },
      sampling: { tools: {} },
      roots: {},
      extensions: { 'io.example/x': {} },
    }
    const can = asking(async (origin) => abilities.filter((ability) => origin.can(ability as Ability)))
    const client = await greeted(can.era, { capabilities, protocolVersion })
    expect(JSON.parse(await heard(begin(client)))).toEqual(expected)
    expect(JSON.parse(await heard(begin(new TestClient(can.era))))).toEqual([])
  })
})

describe('the guard form without a session', () => {
  it('says what to do', async () => {
    const { era } = serve({
      run: {
        'tools/call': ({ context }) => {
          const ask = { method: 'roots/list', params: {} } as const
          throw originOf(context).require(inputRequired({ inputRequests: { roots: ask } }))
        },
      },
    })
    const { body } = await begin(new TestClient(era)).seen
    expect(body.error).toMatchObject({ code: -32600, message: expect.stringMatching(/needs a session.*initialize/) })
  })
})

describe('asking over a connection', () => {
  it('goes and comes on the wire, and ends with it', async () => {
    const reasons: string[] = []
    const over = gate()
    const { era } = serve({
      run: {
        'tools/call': async ({ context }) => {
          const answer = await elicit(originOf(context)).catch((problem) => {
            if (reasons.push(problem.message) === 2) over.open()
            return {}
          })
          return text(JSON.stringify(answer))
        },
      },
    })
    const peer = new Peer()
    const line = era.connect(peer)
    const send = (message: Json) => line.receive(receive(message))
    const answered = (message: Json & { id: string | number }) => {
      const answer = peer.answer(message.id)
      send(message)
      return answer
    }
    await answered(CALL)
    expect(reasons[0]).toContain('needs a session')
    await answered({ ...initializing(ANY), id: 'init' })
    const second = answered({ ...CALL, id: 2 })
    expect(peer.messages.at(-1)).toMatchObject({ id: 1, method: 'elicitation/create' })
    send({ jsonrpc: '2.0', id: 1, result: { action: 'cancel' } })
    expect(await second).toMatchObject({ id: 2, result: text('{"action":"cancel"}') })
    send({ ...CALL, id: 3 })
    line.close(new Error('gone'))
    await over.passed
    expect(reasons[1]).toBe('gone')
    expect(peer.messages.at(-1)).toMatchObject({ id: 2, method: 'elicitation/create' })
    expect(vi.getTimerCount()).toBe(0)
  })
})
