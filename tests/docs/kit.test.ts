import { createTestClient } from '@fastmcp/ts/testing'
import { describeEras } from '@fastmcp/ts/testing/vitest'
import { beforeEach, expect, it, onTestFinished, vi } from 'vitest'
import { mcp as kit, lines, looked, payroll, shared } from '../../examples/guide/kit.ts'
import { settled, useFakeClock } from '../kit/fake-clock.ts'

beforeEach(() => {
  looked.length = 0
  vi.spyOn(console, 'error').mockImplementation(() => undefined)
})

describeEras(
  'the page on middleware',
  (open) => {
    it('the kit: what is kept, what is forgotten, what is refused', async () => {
      const client = await open(kit)
      const ask = async (city: string) => (await client.callTool('weather', { city })).data
      const before = await ask('Rome')
      expect(await ask('Rome')).toBe(before)
      expect(looked.length).toBeLessThanOrEqual(1)
      await client.callTool('report_storm', { city: 'Rome' })
      expect(await ask('Rome')).toBe('storm')
      // It is asked for more than once, with a wait between.
      useFakeClock()
      onTestFinished(() => void vi.useRealTimers())
      const nowhere = settled(client.callTool('weather', { city: 'Nowhere' }))
      await expect(nowhere).rejects.toMatchObject({ code: 'NOT_FOUND' })
      vi.useRealTimers()
      await expect(client.callTool('admin_rebuild')).rejects.toThrow('Unknown tool')
      expect(JSON.parse((await client.readResource('stats://timings')).text)).toContainEqual(
        expect.objectContaining({ name: 'weather', count: expect.any(Number) }),
      )
      const admin = await createTestClient(kit, { auth: { subject: 'root', scopes: ['admin'] } })
      expect((await admin.callTool('admin_rebuild')).data).toBe('rebuilt')
      await admin.close()
    })

    it('with a storage', async () => {
      const client = await open(shared)
      for (let n = 0; n < 2; n++) await client.callTool('weather', { city: 'Oslo' })
      expect(looked.length).toBeLessThanOrEqual(1)
    })
  },
  { transports: ['memory', 'fetch'] },
)

it('a log of your own', async () => {
  await using client = await createTestClient(payroll)
  await client.callTool('pay', { salary: 9, note: 'of EMP-7' })
  expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({
    level: 'info',
    name: 'pay',
    arguments: { salary: '[redacted]', note: 'of [redacted]' },
  })
})
