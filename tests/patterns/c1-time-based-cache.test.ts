import { describeEras } from '@fastmcp/ts/testing/vitest'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { reads, mcp as settings } from '../../examples/patterns/c1-time-based-cache.ts'

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance'] })
  reads.length = 0
})
afterEach(() => {
  vi.useRealTimers()
})

describeEras(
  'C1: a cache with a time to live',
  (open) => {
    /** The server lives as long as its process, and remembers. */
    const openAnew = async () => {
      const client = await open(settings)
      await client.callTool('forget_settings', { pattern: '*' })
      return client
    }
    const ask = async (client: Awaited<ReturnType<typeof open>>, user: string, name: string) =>
      (await client.callTool('read_setting', { user, name })).data

    it('has what was read until its time is over', async () => {
      const client = await openAnew()
      expect(await ask(client, 'ada', 'theme')).toEqual({ isSet: true, value: 'dark', fromCache: false })
      vi.advanceTimersByTime(59_999)
      expect(await ask(client, 'ada', 'theme')).toEqual({ isSet: true, value: 'dark', fromCache: true })
      vi.advanceTimersByTime(1)
      expect(await ask(client, 'ada', 'theme')).toEqual({ isSet: true, value: 'dark', fromCache: false })
      expect(reads).toEqual(['ada:theme', 'ada:theme'])
    })

    it.each([
      ['volume', { isSet: true, value: 0 }],
      ['motto', { isSet: true, value: '' }],
      ['unknown', { isSet: false }],
    ])('has %s too, which is %j', async (name, expected) => {
      const client = await openAnew()
      expect(await ask(client, 'ada', name)).toEqual({ ...expected, fromCache: false })
      expect(await ask(client, 'ada', name)).toEqual({ ...expected, fromCache: true })
      expect(reads).toHaveLength(1)
    })

    it('reads once for all who ask at once', async () => {
      const client = await openAnew()
      await Promise.all(Array.from({ length: 50 }, () => ask(client, 'ada', 'volume')))
      expect(reads).toEqual(['ada:volume'])
    })

    it('forgets by pattern', async () => {
      const client = await openAnew()
      for (const [user, name] of [
        ['ada', 'volume'],
        ['ada', 'theme'],
        ['bea', 'volume'],
      ] as const) {
        await ask(client, user, name)
      }
      expect((await client.callTool('forget_settings', { pattern: '*:volume' })).data).toBe(2)
      expect(await ask(client, 'ada', 'theme')).toMatchObject({ fromCache: true })
      expect(await ask(client, 'ada', 'volume')).toMatchObject({ fromCache: false })
      expect((await client.callTool('forget_settings', { pattern: 'ada:*' })).data).toBe(2)
    })
  },
  { transports: ['memory', 'http'] },
)
