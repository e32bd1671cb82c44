import { describeEras } from '@fastmcp/ts/testing/vitest'
import { expect, it, vi } from 'vitest'
import { mcp as failing } from '../../examples/guide/errors.ts'
import { mcp as weather } from '../../examples/guide/index.ts'
import { mcp as layered } from '../../examples/guide/middleware.ts'
import { mcp as reviews } from '../../examples/guide/prompts.ts'
import { mcp as users } from '../../examples/guide/resources.ts'
import { mcp as forecasts } from '../../examples/guide/tools.ts'
import { mcp as quickstart } from '../../examples/quickstart.ts'

const memory = { transports: ['memory'] } as const

describeEras(
  'the pages on components',
  (open) => {
    it('README: the quickstart', async () => {
      const client = await open(quickstart)
      expect((await client.callTool('add', { a: 1, b: 2 })).data).toBe(3)
      expect((await client.callTool('greet', { name: 'Ada' })).data).toBe('Hi, Ada!')
      expect((await client.readResource('config://app')).json()).toEqual({ theme: 'dark' })
      expect((await client.readResource('users://7/profile')).json()).toEqual({ id: '7', name: 'User 7' })
    })

    it('the server itself', async () => {
      const client = await open(weather)
      expect(client.serverInfo).toMatchObject({ name: 'weather', title: 'Weather', websiteUrl: 'https://example.com' })
      expect(client.instructions).toBe('Ask for a city first; forecasts need one.')
    })

    it('tools', async () => {
      const client = await open(forecasts)
      const { data } = await client.callTool<{ city: string; highs: number[] }>('forecast', { city: 'Rome' })
      expect(data).toEqual({ city: 'Rome', highs: [24, 20, 21] })
      const [tool] = await client.tools()
      expect(tool).toMatchObject({ title: 'Forecast', annotations: { readOnlyHint: true } })
      expect(tool?.inputSchema.required).toEqual(['city'])
    })

    it('resources', async () => {
      const client = await open(users)
      expect((await client.readResource('config://app')).json()).toEqual({ theme: 'dark' })
      expect((await client.readResource('users://7/profile?lang=de')).json()).toEqual({ name: 'Ada', lang: 'de' })
      await expect(client.readResource('users://9/profile')).rejects.toThrow('users://9/profile')
    })

    it('prompts', async () => {
      const client = await open(reviews)
      const { messages } = await client.getPrompt('review', { code: 'x = 1', language: 'Python' })
      expect(messages).toEqual([{ role: 'user', content: { type: 'text', text: 'Review this Python:\nx = 1' } }])
      const completed = await client.complete({ type: 'ref/prompt', name: 'review' }, { name: 'language', value: 'T' })
      expect(completed.values).toEqual(['TypeScript'])
    })

    it('errors', async () => {
      const client = await open(failing)
      expect((await client.callTool('find_user', { id: '7' })).data).toBe('Ada')
      await expect(client.callTool('find_user', { id: '8' })).rejects.toThrow('No user 8')
      await expect(client.callTool('remove_user', { id: '8' })).rejects.toThrow('There is no user 8')
      await expect(client.callTool('remove_user', { id: '7' })).rejects.toThrow('You may not do this')
    })

    it('middleware', async () => {
      const said = vi.spyOn(console, 'error').mockImplementation(() => undefined)
      const client = await open(layered)
      expect((await client.tools()).map(({ name }) => name)).toEqual(['status'])
      expect((await client.callTool('status')).data).toBe('fine')
      await expect(client.callTool('admin_reset')).rejects.toThrow('Only for administrators')
      expect(said.mock.calls.flat()).toContainEqual(expect.stringMatching(/^tools\/call took \d+ ms$/))
      said.mockRestore()
    })
  },
  memory,
)
