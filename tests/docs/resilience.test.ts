import { describeEras } from '@fastmcp/ts/testing/vitest'
import { expect, it } from 'vitest'
import { loaded, mcp } from '../../examples/guide/resilience.ts'

describeEras(
  'the page on resilience',
  (open, { era }) => {
    it('time limits', async () => {
      const client = await open(mcp)
      await expect(client.callTool('search')).rejects.toMatchObject({
        code: 'TIMEOUT',
        message: expect.stringContaining('Not done within 100 ms'),
      })
    })

    it('limits by key, in a storage', async () => {
      const client = await open(mcp)
      const to = `${era}@example.com`
      const send = (address: string) => client.callTool('send_mail', { to: address }, { throwOnError: false })
      const results = await Promise.all([send(to), send(to), send(to), send(to), send(`other-${to}`)])
      expect(results.map(({ isError }) => isError === true)).toEqual([false, false, false, true, false])
    })

    it('caches that are told how long', async () => {
      loaded.length = 0
      const client = await open(mcp)
      for (const path of ['news', 'news', 'about', 'about']) await client.readResource(`page://site/${path}`)
      expect(loaded.filter((path) => path === 'news')).toHaveLength(2)
      expect(loaded.filter((path) => path === 'about').length).toBeLessThanOrEqual(1)
    })
  },
  { transports: ['memory'] },
)
