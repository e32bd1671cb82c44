import type { Progress } from '@fastmcp/ts/client'
import { describeEras } from '@fastmcp/ts/testing/vitest'
import { beforeEach, expect, it } from 'vitest'
import { accounts, mcp as customers, letters } from '../../examples/patterns/o2-workflow-tool.ts'

beforeEach(() => {
  accounts.length = 0
  letters.length = 0
})

describeEras('O2: a tool of several steps', (open) => {
  const choosing = { onElicit: () => ({ plan: 'team' }) }

  it('does all of them, each once', async () => {
    const reports: Progress[] = []
    const client = await open(customers, { ...choosing, onProgress: (report) => reports.push(report) })
    const { data } = await client.callTool('sign_up', { email: 'ada@example.com' })
    expect(data).toEqual({
      status: 'completed',
      results: { account: { id: 1 }, plan: 'team', welcome: 'sent' },
    })
    expect(accounts).toEqual(['ada@example.com'])
    expect(letters).toEqual([{ to: 'ada@example.com', account: 1, plan: 'team' }])
    const messages = reports.map(({ progress, total, message }) => [progress, total, message])
    expect(messages).toContainEqual([0, 3, 'account'])
    expect(messages).toContainEqual([1, 3, 'plan'])
    expect(messages).toContainEqual([2, 3, 'welcome'])
    expect(messages.at(-1)?.slice(0, 2)).toEqual([3, 3])
  })

  it('stops in the middle', async () => {
    const client = await open(customers, { onElicit: () => ({ action: 'decline' }) })
    const { data } = await client.callTool('sign_up', { email: 'ada@example.com' })
    expect(data).toEqual({ status: 'stopped', stoppedAfter: 'plan', results: { account: { id: 1 }, plan: null } })
    expect(letters).toEqual([])
  })

  it('keeps what came before a step that fails', async () => {
    const client = await open(customers, choosing)
    await expect(client.callTool('sign_up', { email: 'ada@nowhere.example' })).rejects.toMatchObject({
      code: 'API_ERROR',
      message: expect.stringContaining('Step "welcome" (3 of 3) failed: No mailbox ada@nowhere.example'),
      details: { workflow: 'sign_up', step: 'welcome', results: { account: { id: 1 }, plan: 'team' } },
    })
    expect(accounts).toEqual(['ada@nowhere.example'])
  })

  it('says so when the client cannot be asked', async () => {
    const client = await open(customers)
    await expect(client.callTool('sign_up', { email: 'ada@example.com' })).rejects.toThrow(/elicitation/)
  })
})
