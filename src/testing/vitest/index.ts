import { afterEach, describe } from 'vitest'
import { createDescribeEras, type DescribeEras } from '../create-describe-eras.ts'

/**
 * Runs one body of vitest tests in both eras and over memory, stdio, HTTP and `fetch`.
 *
 * @example
 * describeEras('add', (open, { era }) => {
 *   it('adds', async () => {
 *     const client = await open(mcp)
 *     expect(client.era).toBe(era)
 *     expect((await client.callTool('add', { a: 1, b: 2 })).data).toBe(3)
 *   })
 * })
 */
export const describeEras: DescribeEras = createDescribeEras({ describe, afterEach })
