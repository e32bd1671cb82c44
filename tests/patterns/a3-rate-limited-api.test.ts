import { describeEras } from '@fastmcp/ts/testing/vitest'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createServer } from '../../examples/patterns/a3-rate-limited-api.ts'

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance', 'Date'] })
})
afterEach(() => {
  vi.useRealTimers()
})

/** The API, and when it was asked for what, in milliseconds from now. */
function standIn() {
  const begun = performance.now()
  const asked: { currency: string | null; at: number }[] = []
  const fetch = async (request: string | URL | Request): Promise<Response> => {
    const currency = new URL(request instanceof Request ? request.url : request).searchParams.get('symbols')
    asked.push({ currency, at: performance.now() - begun })
    return Response.json({ rates: { [currency ?? '']: 1.5 } })
  }
  return { asked, options: { baseUrl: 'https://rates.example/v1', fetch } }
}

/** AAA, AAB, AAC … */
const currencies = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => {
    const letter = (of: number): string => String.fromCharCode(65 + (Math.floor(of) % 26))
    return `A${letter(index / 26)}${letter(index)}`
  })

const soon = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

describeEras(
  'A3: calls to an API that is limited',
  (open) => {
    it('120 at once: 100 go through, 20 ten seconds later, in order', async () => {
      const { asked, options } = standIn()
      const client = await open(() => createServer(options))
      const wanted = currencies(120)
      const calls = Promise.all(wanted.map((currency) => client.callTool('exchange_rate', { currency })))
      await vi.waitUntil(() => asked.length === 100)
      await vi.advanceTimersByTimeAsync(9_000)
      expect(asked.length).toBe(100)
      await vi.advanceTimersByTimeAsync(1_000)
      expect((await calls).map(({ data }) => data)).toEqual(wanted.map(() => 1.5))
      expect(asked.map(({ currency }) => currency)).toEqual(wanted)
      const [first, last] = [asked[0]?.at ?? 0, asked[99]?.at ?? 0]
      for (const { at } of asked.slice(100)) expect(at - first).toBeGreaterThanOrEqual(10_000)
      expect(last - first).toBeLessThan(10_000)
    })

    it('who gives up leaves the line, and the next moves up', async () => {
      const { asked, options } = standIn()
      const client = await open(() => createServer(options))
      await Promise.all(currencies(100).map((currency) => client.callTool('exchange_rate', { currency })))
      const abort = new AbortController()
      const leaving = client.callTool('exchange_rate', { currency: 'ZZY' }, { signal: abort.signal })
      const left = leaving.catch((problem: unknown) => problem)
      const staying = client.callTool('exchange_rate', { currency: 'ZZZ' })
      for (let turns = 0; turns < 10; turns++) await soon()
      abort.abort(new Error('Enough'))
      expect(await left).toMatchObject({ message: 'Enough' })
      for (let turns = 0; turns < 10; turns++) await soon()
      await vi.advanceTimersByTimeAsync(10_000)
      expect((await staying).data).toBe(1.5)
      expect(asked.slice(100).map(({ currency }) => currency)).toEqual(['ZZZ'])
    })

    it('or is told when to come again', async () => {
      const { options } = standIn()
      const client = await open(() => createServer(options))
      for (const currency of currencies(100)) await client.callTool('exchange_rate_now', { currency })
      await vi.advanceTimersByTimeAsync(2_500)
      await expect(client.callTool('exchange_rate_now', { currency: 'USD' })).rejects.toMatchObject({
        message: expect.stringContaining('Ask again in 8 s'),
        code: 'RATE_LIMITED',
        details: { retryAfterMs: 7_500 },
      })
    })
  },
  { transports: ['memory', 'fetch'] },
)
