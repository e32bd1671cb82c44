import { setTimeout as sleep } from 'node:timers/promises'
import { createTestClient } from '@fastmcp/ts/testing'
import { describe, expect, it, onTestFinished } from 'vitest'
import { busy } from '../../../tests/kit/processor.ts'
import { FastMCP } from '../../fastmcp.ts'

/** A server, a client of it, and what it told of its handlers. */
async function developing(diagnose?: boolean) {
  const told: string[] = []
  const onError = (problem: Error, { during }: Readonly<Record<string, unknown>>): void => {
    if (during === 'diagnosis') told.push(problem.message)
  }
  const mcp = new FastMCP({ name: 'dev', version: '1.0.0', onError, ...(diagnose !== undefined && { diagnose }) })
  const open = async () => {
    const client = await createTestClient(mcp)
    onTestFinished(() => client.close())
    return client
  }
  return { mcp, told, open }
}

describe('a handler that blocks', () => {
  it('is named whatever it belongs to', async () => {
    const { mcp, told, open } = await developing()
    mcp.resource('report://all', {}, () => busy(110) ?? 'all')
    mcp.resource('report://{id}', {}, async () => {
      await sleep(1)
      busy(110)
      return 'one'
    })
    mcp.prompt('draft', {}, () => busy(110) ?? 'Draft')
    mcp.tool('rows', { description: 'Part by part' }, async function* () {
      yield 1
      await sleep(1)
      busy(110)
      yield 2
    })
    const client = await open()
    await client.readResource('report://all')
    await client.readResource('report://7')
    await client.getPrompt('draft')
    await client.callTool('rows')
    expect(told.map((words) => words.split(' blocked')[0])).toEqual([
      'resource "report://all"',
      'template "report://{id}"',
      'prompt "draft"',
      'tool "rows"',
    ])
  })

  it('is named where it is mounted', async () => {
    const { mcp, told, open } = await developing()
    const child = new FastMCP({ name: 'child', version: '1.0.0', diagnose: false })
    child.tool('parse', { description: 'Parses' }, () => busy(110))
    mcp.mount(child)
    await (await open()).callTool('parse')
    expect(told).toEqual([expect.stringContaining('tool "parse" blocked the event loop for')])
  })

  it('is not looked at where nobody wants to know', async () => {
    const { mcp, told, open } = await developing(false)
    mcp.tool('parse', { description: 'Parses' }, () => busy(110))
    await (await open()).callTool('parse')
    expect(told).toEqual([])
  })
})

describe('a handler that outlives its time', () => {
  const LIMIT = { description: 'Waits', timeout: 20 }

  it('is named if it never looked at ctx.signal', async () => {
    const { mcp, told, open } = await developing()
    mcp.tool('deaf', LIMIT, () => new Promise(() => undefined))
    mcp.tool('deaf_though_it_has_it', LIMIT, (_, ctx) => new Promise((_resolve) => void ctx.requestId))
    const client = await open()
    await expect(client.callTool('deaf')).rejects.toThrow('did not finish within 20 ms')
    await expect(client.callTool('deaf_though_it_has_it')).rejects.toThrow('did not finish within 20 ms')
    expect(told).toEqual([
      expect.stringContaining('tool "deaf" was not done within 20 ms, and never looked at ctx.signal'),
      expect.stringContaining('tool "deaf_though_it_has_it" was not done within 20 ms'),
    ])
  })

  it('is not named if it did, or if it was in time', async () => {
    const { mcp, told, open } = await developing()
    mcp.tool('heedful', LIMIT, (_, ctx) => sleep(60_000, 'late', { signal: ctx.signal }))
    mcp.tool('quick', { description: 'Waits', timeout: 5_000 }, () => sleep(1))
    const client = await open()
    await expect(client.callTool('heedful')).rejects.toThrow('did not finish within 20 ms')
    await client.callTool('quick')
    expect(told).toEqual([])
  })
})
