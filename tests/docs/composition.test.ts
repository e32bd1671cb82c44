import { describeEras } from '@fastmcp/ts/testing/vitest'
import { expect, it } from 'vitest'
import {
  both,
  careful,
  changed,
  club,
  library,
  mcp,
  openToAll,
  plainly,
  rooms,
  shop,
  v1,
} from '../../examples/guide/composition.ts'
import { greet } from '../../examples/guide/folder/greet.ts'
import { reshaped, mcp as search } from '../../examples/guide/tool-transformation.ts'

describeEras(
  'the page on composition',
  (open, { era }) => {
    const namesOf = async (client: Awaited<ReturnType<typeof open>>) => (await client.tools()).map(({ name }) => name)

    it('mounts', async () => {
      const client = await open(mcp)
      expect((await client.callTool('weather_forecast')).data).toBe('sunny')
      expect((await client.readResource('data://weather/today')).text).toBe('rain')
      expect(await namesOf(await open(plainly()))).toEqual(['south_forecast', 'forecast'])
    })

    it('changes what is mounted', async () => {
      const client = await open(changed())
      expect(await client.tools()).toMatchObject([
        { name: 'issues_report', description: 'Reports what is broken in town' },
        { name: 'issues_list_issues' },
      ])
      expect((await client.callTool('issues_report')).data).toBe('created')
      await expect(client.callTool('issues_audit')).rejects.toThrow(/Unknown tool/)
      expect(await namesOf(await open(careful()))).toEqual(['look'])
    })

    it('has versions side by side', async () => {
      expect((await (await open(shop)).callTool('pay')).data).toBe('paid by wallet')
      expect((await (await open(v1)).callTool('pay')).data).toBe('paid by card')
      const client = await open(both())
      expect((await client.callTool('v1_pay')).data).toBe('paid by card')
      expect((await client.callTool('v2_pay')).data).toBe('paid by wallet')
      const asked = await (await open(shop)).callTool('pay', {}, { meta: { 'fastmcp/version': '1.0.0' } })
      expect(asked.data).toBe('paid by card')
    })

    it('turns things on and off', async () => {
      const [one, other] = [await open(club), await open(club)]
      const joined = await one.callTool('join').catch(String)
      if (era === 'stateless') expect(joined).toMatch(/the caller has none/)
      else expect((await one.callTool('dance')).data).toBe('dancing')
      await expect(other.callTool('dance')).rejects.toThrow(/Unknown tool/)
      openToAll()
    })

    it('serves a folder', async () => {
      const client = await open(rooms)
      expect((await client.tools()).map(({ name }) => name)).toEqual([greet.id])
      expect((await client.callTool('greet', { name: 'Ada' })).data).toBe('Hello Ada')
      expect((await client.readResource('manners://greeting')).text).toMatch(/Look at people/)
    })

    it('shows resources and prompts as tools', async () => {
      const client = await open(library)
      expect((await client.callTool('read_resource', { uri: 'books://7' })).data).toBe('Book 7')
      expect((await client.callTool('get_prompt', { name: 'recommend', arguments: { mood: 'rainy' } })).data).toBe(
        'user: A book for a rainy day',
      )
      expect((await client.callTool('open_book')).data).toEqual([1, 1])
    })
  },
  { transports: ['memory'] },
)

describeEras(
  'the page on tool transformation',
  (open) => {
    it('has tools made of tools', async () => {
      const client = await open(search)
      expect((await client.callTool('search_docs', { query: 'mcp' })).data).toBe('mcp in docs, 5')
      expect((await client.callTool('search_both', { query: 'mcp' })).data).toEqual({
        answers: ['mcp in docs, 5', 'mcp (archive) in docs, 5'],
      })
      expect((await client.callTool('double', { number: 4 })).data).toEqual({ product: 8 })
      await expect(client.callTool('search', { q: 'mcp', index: 'x' })).rejects.toThrow(/Unknown tool/)
    })
  },
  { transports: ['memory'] },
)

it('changes the tools of a source by data', async () => {
  const { createTestClient } = await import('@fastmcp/ts/testing')
  await using client = await createTestClient(reshaped())
  const names = (await client.tools()).map(({ name }) => name).filter((name) => name.startsWith('weather'))
  expect(names).toEqual(['weather_forecast'])
  expect((await client.callTool('weather_forecast', { city: 'Berlin' })).data).toBe('Berlin, metric')
})
