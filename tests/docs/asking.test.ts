import { describeEras } from '@fastmcp/ts/testing/vitest'
import { expect, it } from 'vitest'
import { mcp as asking, done } from '../../examples/guide/asking.ts'
import { mcp as reviewer } from '../../examples/guide/sampling.ts'
import { mcp as keyed } from '../../examples/guide/state-keys.ts'
import { db, mcp as orders } from '../../examples/guide/streaming.ts'

describeEras(
  'the pages on asking and streaming',
  (open) => {
    it('a deployment', async () => {
      done.length = 0
      const client = await open(asking, { onElicit: () => ({ confirm: true }), onSample: () => 'All new' })
      expect((await client.callTool('deploy', { env: 'live' })).data).toBe('Deployed. All new')
      expect(done).toEqual(['reserved live'])
    })

    it.each([
      ['accept', { action: 'accept', content: { day: '2030-05-17' } }, '2 seats on 2030-05-17'],
      ['decline', { action: 'decline' }, 'Nothing was booked'],
      ['cancel', { action: 'cancel' }, 'Nothing was booked yet'],
    ] as const)('a person who answers: %s', async (_, answer, words) => {
      const client = await open(asking, { onElicit: () => answer })
      expect((await client.callTool('book_visit')).data).toBe(words)
    })

    it('an address to visit', async () => {
      const addresses: unknown[] = []
      const client = await open(asking, {
        onElicit: (_, { url }) => {
          addresses.push(url)
          return { action: 'accept' }
        },
      })
      expect((await client.callTool('connect_account')).data).toBe('You are being sent there')
      expect(addresses).toEqual(['https://example.com/connect'])
    })

    it('a model, for words and for data', async () => {
      const client = await open(asking, {
        onSample: ({ systemPrompt }) => ({
          content: { type: 'text', text: systemPrompt === 'Be brief' ? 'Short' : '{"stars":4,"why":"fine"}' },
          model: 'm1',
        }),
      })
      const { data } = await client.callTool('sum_up', { report: 'Long', review: 'Good' })
      expect(data).toEqual({ text: 'Short', model: 'm1', stars: 4 })
    })

    it("a model of the server's own", async () => {
      const client = await open(reviewer)
      expect((await client.callTool('motto')).data).toBe('Think in at most 1024 tokens')
    })

    it('rounds by hand', async () => {
      const client = await open(asking, { onElicit: () => ({ name: 'Ada' }) })
      expect((await client.callTool('greet')).data).toBe('Hello, Ada!')
    })

    it('keys and storage', async () => {
      const client = await open(keyed, { onElicit: () => ({ name: 'Ada' }) })
      expect((await client.callTool('name_me')).data).toBe('Ada')
    })

    it('a cursor', async () => {
      const client = await open(orders)
      const seen: unknown[] = []
      const { data } = await client.callTool('export_orders', {}, { onProgress: ({ progress }) => seen.push(progress) })
      expect(data).toHaveLength(5)
      expect(seen).toEqual([1, 2, 3, 4, 5])
      expect(db.openCursors).toBe(0)
    })

    it('progress', async () => {
      const client = await open(orders)
      const seen: unknown[] = []
      await client.callTool('load_all', {}, { onProgress: (progress) => seen.push(progress) })
      expect(seen.at(-1)).toEqual({ progress: 3, total: 3, message: 'Loaded three' })
    })
  },
  { transports: ['memory', 'http'] },
)
