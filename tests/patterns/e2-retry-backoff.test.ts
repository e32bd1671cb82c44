import { describeEras } from '@fastmcp/ts/testing/vitest'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createServer } from '../../examples/patterns/e2-retry-backoff.ts'

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance', 'Date'] })
})
afterEach(() => {
  vi.useRealTimers()
})

/** A bank that gives these answers in turn, the last one for good, and when it was asked, in milliseconds from the first time. */
function bankWith(...answers: readonly (() => Response)[]) {
  const times: number[] = []
  const bank = async (_: unknown, init?: RequestInit): Promise<Response> => {
    init?.signal?.throwIfAborted()
    times.push(performance.now())
    return (answers[times.length - 1] ?? answers.at(-1))?.() ?? expect.fail('no answer')
  }
  return { bank, delays: () => times.map((time) => Math.round(time - (times[0] ?? 0))) }
}

const fine = (): Response => Response.json({ rates: { USD: 1.5 } })
const down = (): Response => new Response('', { status: 503 })
const busy = (seconds: string) => (): Response => new Response('', { status: 429, headers: { 'retry-after': seconds } })
const soon = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

/** Lets time pass until the call has ended. */
async function ended<T>(call: Promise<T>): Promise<T | Error> {
  let isOver = false
  const outcome = call
    .catch((problem: Error) => problem)
    .finally(() => {
      isOver = true
    })
  while (!isOver) {
    await soon()
    await vi.advanceTimersByTimeAsync(100)
  }
  return outcome
}

describeEras(
  'E2: work that is tried again',
  (open) => {
    const USD = { currency: 'USD' }

    it('waits longer each time', async () => {
      const { bank, delays } = bankWith(down, down, down, fine)
      const client = await open(() => createServer(bank))
      expect(await ended(client.callTool('exchange_rate', USD))).toMatchObject({ data: 1.5 })
      expect(delays()).toEqual([0, 500, 1_500, 3_500])
    })

    it('waits as long as it is told, within its bounds', async () => {
      const { bank, delays } = bankWith(busy('4'), busy('1000000000'), fine)
      const client = await open(() => createServer(bank))
      expect(await ended(client.callTool('exchange_rate', USD))).toMatchObject({ data: 1.5 })
      expect(delays()).toEqual([0, 4_000, 14_000])
    })

    it('gives up with the last error', async () => {
      const { bank, delays } = bankWith(down, down, down, busy('soon'))
      const client = await open(() => createServer(bank))
      expect(await ended(client.callTool('exchange_rate', USD))).toMatchObject({
        code: 'API_ERROR',
        message: expect.stringContaining('The bank answered 429'),
        details: { attempts: 4 },
      })
      expect(delays()).toHaveLength(4)
    })

    it('does not try again what will not change', async () => {
      const { bank, delays } = bankWith(() => new Response('', { status: 404 }))
      const client = await open(() => createServer(bank))
      expect(await ended(client.callTool('exchange_rate', USD))).toMatchObject({ code: 'NOT_FOUND' })
      expect(delays()).toHaveLength(1)
    })

    it('stops when the client gives up', async () => {
      const { bank, delays } = bankWith(down)
      const client = await open(() => createServer(bank))
      const abort = new AbortController()
      const call = client.callTool('exchange_rate', USD, { signal: abort.signal })
      setTimeout(() => abort.abort(new Error('Enough')), 1_000)
      expect(await ended(call)).toMatchObject({ message: 'Enough' })
      await vi.advanceTimersByTimeAsync(60_000)
      expect(delays()).toEqual([0, 500])
    })

    it('calls a tool again that says it may, and no other', async () => {
      const { bank, delays } = bankWith(down)
      const client = await open(() => createServer(bank))
      expect(await ended(client.callTool('pay'))).toMatchObject({ code: 'API_ERROR' })
      expect(delays()).toEqual([0])
      const again = bankWith(down, down, () => new Response('paid'))
      const other = await open(() => createServer(again.bank))
      expect(await ended(other.callTool('pay_once'))).toMatchObject({ data: 'Paid' })
      expect(again.delays()).toEqual([0, 500, 1_500])
    })
  },
  { transports: ['memory', 'fetch'] },
)
