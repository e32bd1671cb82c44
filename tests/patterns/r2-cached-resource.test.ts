import type { Client } from '@fastmcp/ts/client'
import { describeEras } from '@fastmcp/ts/testing/vitest'
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest'
import { computations, mcp as metrics } from '../../examples/patterns/r2-cached-resource.ts'

// One clock for all tests, for they share one server.
beforeAll(() => void vi.useFakeTimers({ toFake: ['performance'] }))
beforeEach(() => void vi.advanceTimersByTime(300_000))
afterAll(() => void vi.useRealTimers())

const read = async (client: Client, uri: string): Promise<unknown> => JSON.parse((await client.readResource(uri)).text)

/** How often something is added up while `work` is done. */
async function counted(work: () => Promise<unknown>): Promise<number> {
  const before = computations
  await work()
  return computations - before
}

describeEras('R2: a resource that is kept', (open) => {
  it('is made once for two reads within its time, and again after it', async () => {
    const client = await open(metrics)
    const twice = async () => {
      expect(await read(client, 'metrics://summary')).toEqual(await read(client, 'metrics://summary'))
    }
    expect(await counted(twice)).toBe(1)
    vi.advanceTimersByTime(299_999)
    expect(await counted(twice)).toBe(0)
    vi.advanceTimersByTime(1)
    expect(await counted(twice)).toBe(1)
  })

  it('is made once for all who read it at the same time', async () => {
    const client = await open(metrics)
    expect(await counted(() => Promise.all(Array.from({ length: 20 }, () => read(client, 'metrics://summary'))))).toBe(
      1,
    )
  })

  it('is made anew once its contents have changed, and nothing else is', async () => {
    const client = await open(metrics)
    const all = ['metrics://north/sales', 'metrics://south/sales', 'metrics://summary']
    const readAll = () => Promise.all(all.map((uri) => read(client, uri)))
    expect(await counted(readAll)).toBe(3)
    const [, , before] = (await readAll()) as { readonly sales: number }[]
    await client.callTool('record_sale', { region: 'north', amount: 7 })
    expect(await counted(readAll)).toBe(2)
    expect(((await readAll()) as { readonly sales: number }[])[2]?.sales).toBe((before?.sales ?? 0) + 7)
  })
})
