import { describeEras } from '@fastmcp/ts/testing/vitest'
import { expect, it } from 'vitest'
import { mcp } from '../../examples/patterns/r1-static-resource.ts'

describeEras('R1: a static resource', (open) => {
  it('is listed, and read as JSON', async () => {
    const client = await open(mcp)
    expect(await client.resources()).toMatchObject([{ uri: 'config://app', mimeType: 'application/json' }])
    const reading = await client.readResource('config://app')
    expect(reading.mimeType).toBe('application/json')
    // A server with resources answers for templates too, though it has none.
    expect(await client.templates()).toEqual([])
    expect(reading.json()).toEqual({ theme: 'dark', features: ['export', 'share'], pageSize: 25 })
  })
})
