import { createTestClient } from '@fastmcp/ts/testing'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { createServer } from '../../examples/patterns/p2-connection-pooling.ts'
import { type Postgres, postgresPrograms, startPostgres } from '../kit/postgres.ts'

const NAMES = Array.from({ length: 50 }, (_, index) => `account-${index + 1}`)

/** A bank, its database as its handlers see it, and what operators heard. */
function openBank(url?: string) {
  const seen: { db?: { query(sql: string): Promise<unknown> } } = {}
  const mcp = createServer(url)
  mcp.use('tools/call', ({ context }, next) => {
    seen.db = context.app.db
    return next()
  })
  onTestFinished(() => mcp.close())
  return { mcp, seen }
}

const ERAS = ['stateless', 'stateful'] as const

it('P2: embedded PostgreSQL answers 50 queries at once in both eras, masks its errors, and is closed with the server', async () => {
  const { mcp, seen } = openBank()
  for (const era of ERAS) {
    await using client = await createTestClient(mcp, { era })
    const answers = await Promise.all(NAMES.map((name) => client.callTool('balance', { name })))
    expect(answers.map(({ data }) => data)).toEqual(NAMES.map(() => ({ balance: 100 })))
    await expect(client.callTool('balance', { name: 'nobody' })).rejects.toThrow('There is no account nobody')
    await expectMasked(client.callTool('withdraw', { name: 'account-1', amount: 101 }, { throwOnError: false }))
  }
  await using client = await createTestClient(mcp)
  expect((await client.callTool('withdraw', { name: 'account-1', amount: 100 })).data).toEqual({ balance: 0 })
  await mcp.close()
  await expect(seen.db?.query('SELECT 1')).rejects.toThrow(/closed/)
}, 60_000)

if (postgresPrograms !== undefined) {
  const programs = postgresPrograms
  describe('P2: a PostgreSQL server', () => {
    let server: Postgres
    beforeAll(async () => {
      server = await startPostgres(programs)
    }, 60_000)
    afterAll(() => server[Symbol.asyncDispose]())

    it.each(ERAS)('is used over at most 10 connections, in the %s era', async (era) => {
      const name = `bank-${era}`
      const { mcp, seen } = openBank(`${server.url}?application_name=${name}`)
      await using client = await createTestClient(mcp, { era })
      const answers = await Promise.all(NAMES.map((account) => client.callTool('balance', { name: account })))
      expect(answers.map(({ data }) => data)).toEqual(NAMES.map(() => ({ balance: 100 })))
      const opened = server.log.filter((line) => line.includes(`connection authorized`) && line.includes(name))
      expect(opened.length).toBeGreaterThan(1)
      expect(opened.length).toBeLessThanOrEqual(10)

      await expectMasked(client.callTool('withdraw', { name: 'account-2', amount: 101 }, { throwOnError: false }))
      expect((await client.callTool('balance', { name: 'account-2' })).data).toEqual({ balance: 100 })

      await using admin = await connected(server.url)
      expect(await admin.count(name)).toBeGreaterThan(0)
      await client.close()
      await mcp.close()
      await expect(seen.db?.query('SELECT 1')).rejects.toThrow('Cannot use a pool after calling end on the pool')
      await expect.poll(() => admin.count(name)).toBe(0)
    })
  })
}

async function expectMasked(called: Promise<{ readonly isError: boolean }>): Promise<void> {
  const result = await called
  expect(result).toMatchObject({ isError: true })
  const text = JSON.stringify(result)
  expect(text).toMatch(/Internal error \([0-9a-f]{8}\)/)
  expect(text).not.toMatch(/violates|accounts|constraint|SELECT|UPDATE/)
}

async function connected(url: string) {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  return {
    async count(name: string): Promise<number> {
      const { rows } = await client.query(
        'SELECT count(*)::int AS count FROM pg_stat_activity WHERE application_name = $1',
        [name],
      )
      return rows[0].count
    },
    [Symbol.asyncDispose]: () => client.end(),
  }
}
