import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { HttpSession, read } from '../kit/event-reader.ts'
import { RawSocket, requestText } from '../kit/raw-socket.ts'
import { gate } from '../kit/stateless.ts'
import { startTarget, type Target } from './hostile.ts'

const OWNERS: Readonly<Record<string, string>> = { a1: 'ann', a2: 'ann', b1: 'bob' }
const as = (token: string) => ({ authorization: `Bearer ${token}` })

let target: Target
let url: string
let work = gate()

beforeAll(async () => {
  target = await startTarget({
    authenticate: (request) => {
      const token = request.header('authorization')?.slice('Bearer '.length)
      return { subject: token === undefined ? 'guest' : (OWNERS[token] ?? 'nobody'), issuer: 'https://a.example' }
    },
  })
  url = `http://127.0.0.1:${target.port}/mcp`
  target.mcp.tool(
    'talk',
    { description: 'Talks', input: z.object({ words: z.array(z.string()) }) },
    ({ words }, ctx) => {
      for (const word of words) ctx.log.info(word)
      return 'said'
    },
  )
  target.mcp.tool('wait', { description: 'Talks, and waits' }, async (_, ctx) => {
    ctx.log.info('begun')
    await work.passed
    ctx.log.info('over')
    return 'waited'
  })
})
afterAll(() => target.stop())

const open = (token = 'a1', revision = '2025-11-25') => HttpSession.open(url, { headers: as(token), revision })
const PING = { jsonrpc: '2.0', id: 1, method: 'ping' }

describe('SES-01: a session id that opens nothing', () => {
  it.each([
    ['unknown', 'f'.repeat(32), 404],
    ['too short', 'f', 404],
    ['10 KB long', 'f'.repeat(10_000), 404],
    ['of the wrong alphabet', 'z'.repeat(32), 404],
    ['that looks like a member of every object', '__proto__', 404],
    ['with what would break a header if it were not encoded', 'a%0d%0aSet-Cookie: x', 404],
  ])('%s is refused in every verb', async (_, id, status) => {
    const headers = { ...as('a1'), 'mcp-session-id': id }
    const answers = [await read(url, headers, PING), await read(url, headers)]
    expect(answers.map((answer) => answer.status)).toEqual([status, status])
    expect((await fetch(url, { method: 'DELETE', headers })).status).toBe(status)
    await Promise.all(answers.map((answer) => answer.text()))
  })

  it('missing is refused where one is needed', async () => {
    expect((await read(url, as('a1'))).status).toBe(400)
    expect((await fetch(url, { method: 'DELETE', headers: as('a1') })).status).toBe(400)
  })

  it('with a bare line break ends the connection with 400', async () => {
    const raw = await RawSocket.open(target.port)
    raw.write(requestText(target.port, 'GET /mcp', [['Mcp-Session-Id', 'a\r\n b']]))
    expect((await raw.answer()).status).toBe(400)
    raw.destroy()
  })

  it('ended is refused like one that never was', async () => {
    const session = await open()
    expect(await session.delete()).toBe(204)
    const unknown = await read(url, { ...as('a1'), 'mcp-session-id': 'f'.repeat(32) }, PING)
    const ended = await session.post({ id: 1, method: 'ping' })
    expect([ended.status, await ended.text()]).toEqual([404, await unknown.text()])
    expect(await session.delete()).toBe(404)
  })
})

describe('SES-02: a second initialize', () => {
  it('is refused, and changes nothing', async () => {
    const session = await open()
    const params = { protocolVersion: '2024-11-05', capabilities: {}, clientInfo: { name: 'other', version: '2' } }
    const again = await session.post({ id: 2, method: 'initialize', params })
    expect(again.status).toBe(400)
    await again.text()
    const events = await (await session.call('talk', { arguments: { words: ['a'] } })).rest()
    expect(events[0]).toMatchObject({ data: '', retry: 1000 }) // as in 2025-11-25, and not in 2024-11-05
    await session.delete()
    const params2 = { ...params, protocolVersion: '2025-11-25' }
    const after = await session.post({ id: 3, method: 'initialize', params: params2 })
    expect(after.status).toBe(404)
    await after.text()
  })
})

describe("SES-03: another caller's session", () => {
  it('is closed to everybody else in every verb, and its owner notices nothing', async () => {
    work = gate()
    const session = await open('a1')
    const standing = await session.get()
    const call = await session.call('wait')
    const [primer, first] = [await call.next(), await call.next()]
    const reported = target.reported.length
    for (const token of ['b1', 'c1']) {
      const thief = as(token)
      const tries = [
        await session.post({ id: 9, method: 'ping' }, thief),
        await session.post({ method: 'notifications/cancelled', params: { requestId: 1 } }, thief),
        await session.get(thief),
        await session.get({ ...thief, 'last-event-id': primer?.id ?? '' }),
        await session.get({ ...thief, 'last-event-id': first?.id ?? '' }),
      ]
      for (const { status, text } of tries)
        expect([status, await text()]).toEqual([404, expect.not.stringContaining('begun')])
      expect(await session.delete(thief)).toBe(404)
    }
    expect(target.reported.length - reported).toBe(12)
    expect(JSON.stringify(target.reported)).not.toContain(session.id)
    target.reported.length = 0

    work.open()
    expect((await call.rest()).at(-1)?.data).toContain('waited')
    target.mcp.changed('tool')
    expect((await standing.next())?.data).toContain('tools/list_changed')
    standing.leave()
    await session.delete()
  })
})

describe('SES-04: a new token of the same caller', () => {
  it('opens the session, and goes on where the old one stopped', async () => {
    const session = await open('a1')
    const events = await (await session.call('talk', { arguments: { words: ['a', 'b'] } })).rest()
    const again = await session.get({ ...as('a2'), 'last-event-id': events[1]?.id ?? '' })
    expect((await again.rest()).map(({ data }) => data)).toEqual(events.slice(2).map(({ data }) => data))
    expect(await session.delete(as('a2'))).toBe(204)
  })
})

describe('SES-05: a second stream', () => {
  it('is refused, and the first keeps what there is to hear', async () => {
    const session = await open()
    const first = await session.get()
    const second = await session.get()
    expect(second.status).toBe(409)
    await second.text()
    target.mcp.changed('tool')
    expect((await first.next())?.data).toContain('tools/list_changed')
    first.leave()
    await session.delete()
  })
})

describe('SES-06: an event id', () => {
  it('of another session of the same caller, of another stream, or of nothing brings no foreign event', async () => {
    const [session, other] = [await open(), await open()]
    const mine = await (await session.call('talk', { arguments: { words: ['mine 1', 'mine 2'] } })).rest()
    const more = await (await session.call('talk', { arguments: { words: ['more 1', 'more 2'] } })).rest()
    for (const { id } of mine) {
      const answer = await other.get({ 'last-event-id': id ?? '' })
      expect([answer.status, await answer.text()]).toEqual([400, expect.not.stringContaining('mine')])
    }
    const again = await session.get({ 'last-event-id': more[0]?.id ?? '' })
    expect(JSON.stringify(await again.rest())).not.toContain('mine')
    for (const id of ['0', 'mine', `${mine[1]?.id}0000`, mine[1]?.id?.replace('-1-', '-2-9') ?? '']) {
      const answer = await session.get({ 'last-event-id': id })
      expect([answer.status, await answer.text()]).toEqual([400, expect.not.stringContaining('mine')])
    }
    await Promise.all([session.delete(), other.delete()])
  })

  it('that is no longer kept is refused', async () => {
    const session = await open()
    const words = Array.from({ length: 300 }, (_, index) => `word ${index}`)
    const events = await (await session.call('talk', { arguments: { words } })).rest()
    const [first, late] = [events[1], events.at(-10)]
    expect((await session.get({ 'last-event-id': first?.id ?? '' })).status).toBe(400)
    const again = await session.get({ 'last-event-id': late?.id ?? '' })
    expect((await again.rest()).map(({ data }) => data)).toEqual(events.slice(-9).map(({ data }) => data))
    await session.delete()
  })

  it('is never the same twice, over all streams of a session', async () => {
    const session = await open()
    const standing = await session.get()
    target.mcp.changed('tool')
    const ids = [(await standing.next())?.id]
    for (let i = 0; i < 5; i++) {
      ids.push(...(await (await session.call('talk', { arguments: { words: ['a', 'b'] } })).rest()).map(({ id }) => id))
    }
    expect(ids).toHaveLength(21)
    expect(new Set(ids).size).toBe(21)
    standing.leave()
    await session.delete()
  })
})
