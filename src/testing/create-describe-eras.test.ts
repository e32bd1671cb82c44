import { describe, expect, it } from 'vitest'
import type { Client } from '../client/index.ts'
import { FastMCP } from '../index.ts'
import { createDescribeEras, type DescribeEras } from './index.ts'
import { describeEras } from './vitest/index.ts'

function server(): FastMCP {
  const mcp = new FastMCP({ name: 'tested', version: '1.0.0' })
  mcp.tool('ping', { description: 'Answers' }, () => 'pong')
  return mcp
}

/** A runner that only remembers; `finish` does what a runner does after a test. */
function remembering() {
  const names: string[] = []
  const finish: (() => Promise<void>)[] = []
  const eras: DescribeEras = createDescribeEras({
    describe(name, body) {
      names.push(name)
      body()
    },
    afterEach: (work) => finish.push(work),
  })
  return { names, finish, eras }
}

describe('describeEras', () => {
  it('runs in every era over every transport', () => {
    const { names, eras } = remembering()
    eras('add', () => undefined)
    expect(names).toEqual([
      'add [stateless, memory]',
      'add [stateless, stdio]',
      'add [stateless, http]',
      'add [stateless, fetch]',
      'add [stateful, memory]',
      'add [stateful, stdio]',
      'add [stateful, http]',
      'add [stateful, fetch]',
    ])
  })

  it('runs in a part of them', () => {
    const { names, eras } = remembering()
    eras('add', () => undefined, { eras: ['stateful'], transports: ['memory', 'http'] })
    expect(names).toEqual(['add [stateful, memory]', 'add [stateful, http]'])
  })

  it('closes what a test opened, and only then', async () => {
    const { finish, eras } = remembering()
    const opened: Promise<Client>[] = []
    eras('add', (open) =>
      opened.push(
        open(server),
        open(async () => server()),
      ),
    )
    for (const client of await Promise.all(opened)) expect((await client.callTool('ping')).data).toBe('pong')
    for (const work of finish) await work()
    for (const client of await Promise.all(opened)) {
      await expect(client.callTool('ping')).rejects.toMatchObject({ code: 'CONNECTION_CLOSED' })
    }
  })
})

describeEras('describeEras of vitest', (open, { era }) => {
  it('opens a client in the era it names', async () => {
    const client = await open(server())
    expect(client.era).toBe(era)
    expect((await client.callTool('ping')).data).toBe('pong')
  })
})
