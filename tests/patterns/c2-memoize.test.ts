import { describeEras } from '@fastmcp/ts/testing/vitest'
import { expect, it } from 'vitest'
import { computed, mcp as routes } from '../../examples/patterns/c2-memoize.ts'

describeEras(
  'C2: async work that remembers',
  (open, { era, transport }) => {
    // The server lives as long as its process, and remembers.
    const place = (name: string): string => `${name} ${era} ${transport}`
    const count = (from: string): number => computed.filter((route) => route.startsWith(`${from}-`)).length

    it('runs once for a hundred who ask at once', async () => {
      const client = await open(routes)
      const route = { from: place('Rome'), to: 'Riga' }
      const answers = await Promise.all(Array.from({ length: 100 }, () => client.callTool('find_route', { route })))
      expect(new Set(answers.map(({ data }) => data))).toEqual(new Set([`${place('Rome')} → Riga`]))
      expect(count(place('Rome'))).toBe(1)
    })

    it('does not care in which order arguments are', async () => {
      const client = await open(routes)
      await client.callTool('find_route', { route: { from: place('Oslo'), to: 'Bern' } })
      await client.callTool('find_route', { route: { to: 'Bern', from: place('Oslo') } })
      expect(count(place('Oslo'))).toBe(1)
      await client.callTool('find_route', { route: { from: place('Oslo'), to: 'Bonn' } })
      expect(count(place('Oslo'))).toBe(2)
    })

    it('tries again what has failed', async () => {
      const client = await open(routes)
      const route = { from: place('Here'), to: place('Here') }
      for (const tries of [1, 2]) {
        await expect(client.callTool('find_route', { route })).rejects.toThrow('You are there already')
        expect(count(place('Here'))).toBe(tries)
      }
    })

    it('forgets what was not asked for longest', async () => {
      const client = await open(routes)
      const ask = (from: string) => client.callTool('find_route', { route: { from: place(from), to: 'X' } })
      await ask('first')
      await ask('second')
      await ask('first')
      await Promise.all(Array.from({ length: 99 }, (_, index) => ask(`other ${index}`)))
      await ask('first')
      expect(count(place('first'))).toBe(1)
      await ask('second')
      expect(count(place('second'))).toBe(2)
    })
  },
  { transports: ['memory', 'http'] },
)
