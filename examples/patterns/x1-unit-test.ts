/**
 * Unit tests of a tool, without a port and without a child process. `createTestClient` speaks one era; `describeEras`
 * runs the same tests in both, over memory, stdio, HTTP and `fetch`. In a project of yours this is
 * `calculator.test.ts`, and `npx vitest` runs it.
 *
 *     npx vitest run tests/patterns/x1-unit-test.test.ts
 */
// #region client

import { createTestClient } from '@fastmcp/ts/testing'

// #endregion
// #region eras

import { describeEras } from '@fastmcp/ts/testing/vitest'

// #endregion

import { expect, it } from 'vitest'
import { mcp } from './t1-synchronous-tool.ts'

// #region client
it('multiplies', async () => {
  await using client = await createTestClient(mcp, { era: 'stateless' })
  const { data } = await client.callTool('calculate', { a: 6, b: 7, operation: 'multiply' })
  expect(data).toBe(42)
})
// #endregion

// #region eras
describeEras('calculate', (open) => {
  it('adds', async () => {
    const client = await open(mcp)
    expect((await client.callTool('calculate', { a: 1, b: 2, operation: 'add' })).data).toBe(3)
  })

  it('does not divide by zero', async () => {
    const client = await open(mcp)
    const dividing = client.callTool('calculate', { a: 1, b: 0, operation: 'divide' })
    await expect(dividing).rejects.toThrow('Cannot divide by zero')
  })
})
// #endregion
