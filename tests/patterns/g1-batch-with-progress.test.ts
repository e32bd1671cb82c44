import type { Progress } from '@fastmcp/ts/client'
import { describeEras } from '@fastmcp/ts/testing/vitest'
import { describe, expect, it } from 'vitest'
import { mcp as batch } from '../../examples/patterns/g1-batch-with-progress.ts'

/** Most reports of a call that took so long: 20 a second, and the last one. */
const mostIn = (ms: number): number => 20 * Math.ceil(ms / 1000) + 1

describeEras('G1: a batch', (open) => {
  const reports = async (tool: string, items: number): Promise<Progress[]> => {
    const seen: Progress[] = []
    const client = await open(batch)
    await client.callTool(tool, { items }, { onProgress: (progress) => seen.push(progress) })
    return seen
  }

  it('of 10,000 reports sends few, which grow, and the last one', async () => {
    const began = performance.now()
    const seen = await reports('import_items', 10_000)
    expect(seen.length).toBeLessThanOrEqual(mostIn(performance.now() - began))
    expect(seen.at(-1)).toEqual({ progress: 10_000, total: 10_000, message: 'Imported 10000 of 10000' })
    expectGrowth(seen)
  })

  it('with phases inside phases goes from 0 to 100 once', async () => {
    const seen = await reports('sync_items', 1000)
    expectGrowth(seen)
    expect(new Set(seen.map(({ total }) => total))).toEqual(new Set([100]))
    expect(seen.at(-1)).toEqual({ progress: 100, total: 100, message: 'Saving' })
  })
})

function expectGrowth(seen: readonly Progress[]): void {
  const values = seen.map(({ progress }) => progress)
  expect(values).toEqual([...new Set(values)].sort((a, b) => a - b))
}

describe('G1 on the wire', () => {
  const stateless = {
    'io.modelcontextprotocol/protocolVersion': '2026-07-28',
    'io.modelcontextprotocol/clientCapabilities': {},
  }

  it.each([
    ['2026-07-28', stateless],
    ['2025-11-25', {}],
  ] as const)('10,000 reports do not become 10,000 frames, %s', async (revision, meta) => {
    const began = performance.now()
    const response = await batch.fetch(
      new Request('http://localhost/mcp', {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          accept: 'application/json, text/event-stream',
          'mcp-protocol-version': revision,
          'mcp-method': 'tools/call',
          'mcp-name': 'import_items',
        },
        body: JSON.stringify({
          jsonrpc: '2.0',
          id: 1,
          method: 'tools/call',
          params: { name: 'import_items', arguments: { items: 10_000 }, _meta: { ...meta, progressToken: 'p' } },
        }),
      }),
    )
    const frames = (await response.text()).split('\n\n').filter((frame) => frame.includes('notifications/progress'))
    expect(frames.length).toBeGreaterThan(0)
    expect(frames.length).toBeLessThanOrEqual(mostIn(performance.now() - began))
  })
})
