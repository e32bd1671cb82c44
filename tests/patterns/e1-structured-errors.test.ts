import { TOOL_ERROR_CODES } from '@fastmcp/ts'
import { describeEras } from '@fastmcp/ts/testing/vitest'
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest'
import { mcp as bank } from '../../examples/patterns/e1-structured-errors.ts'

const said: string[] = []

// One clock for all tests, for they share one server and its limits.
beforeAll(() => void vi.useFakeTimers({ toFake: ['performance'] }))
beforeEach(() => {
  said.length = 0
  vi.advanceTimersByTime(60_000)
  vi.spyOn(console, 'error').mockImplementation((...words) => void said.push(words.join(' ')))
})
afterAll(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

describeEras(
  'E1: structured errors',
  (open) => {
    it.each([
      [{ to: 'eve', amount: 1 }, 'NOT_FOUND', 'There is no account eve', { known: ['ada', 'bea'] }],
      [{ to: 'bea', amount: 1_000 }, 'VALIDATION_ERROR', 'Not enough money', { missing: 900 }],
      [{ to: 'bank', amount: 1 }, 'UNAUTHORIZED', 'Nobody may pay into the account of the bank', { account: 'bank' }],
      [{ to: 'bea', amount: 13 }, 'API_ERROR', 'The clearing house does not answer', { retryAfterMs: 30_000 }],
    ])('%j is %s, with words and details', async (args, code, words, details) => {
      const client = await open(bank)
      await expect(client.callTool('transfer', { from: 'ada', ...args })).rejects.toMatchObject({
        message: expect.stringContaining(words),
        code,
        details,
      })
      // What a model reads of it.
      const { content } = await client.request('tools/call', { name: 'transfer', arguments: { from: 'ada', ...args } })
      expect(content).toEqual([
        { type: 'text', text: words },
        { type: 'text', text: JSON.stringify({ code, details }) },
      ])
      expect(Object.keys(TOOL_ERROR_CODES)).toContain(code)
    })

    it('calls too often, and is told when to come again', async () => {
      const client = await open(bank)
      const call = () => client.callTool('transfer', { from: 'ada', to: 'eve', amount: 1 })
      for (let n = 0; n < 10; n++) await expect(call()).rejects.toMatchObject({ code: 'NOT_FOUND' })
      await expect(call()).rejects.toMatchObject({
        code: 'RATE_LIMITED',
        details: { retryAfterMs: expect.any(Number) },
      })
    })

    it('shows nothing of an error that nobody foresaw, and logs nothing secret of it', async () => {
      const client = await open(bank)
      const result = await client.request('tools/call', {
        name: 'transfer',
        arguments: { from: 'ada', to: 'bea', amount: 66 },
      })
      expect(result).toMatchObject({
        isError: true,
        content: [{ text: expect.stringMatching(/^Internal error \([0-9a-f]{8}\)$/) }],
      })
      expect(JSON.stringify(result)).not.toMatch(/canary|db\.internal|ECONNREFUSED/)
      const line = said.find((one) => one.startsWith('{') && one.includes('transfer'))
      expect(JSON.parse(line ?? '')).toMatchObject({
        level: 'error',
        name: 'transfer',
        outcome: 'failure',
        code: 'Error',
      })
      expect(line).not.toContain('canary')
    })
  },
  { transports: ['memory', 'fetch'] },
)
