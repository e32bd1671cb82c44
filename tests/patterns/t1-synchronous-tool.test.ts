import { describeEras } from '@fastmcp/ts/testing/vitest'
import { expect, it } from 'vitest'
import { mcp } from '../../examples/patterns/t1-synchronous-tool.ts'

describeEras('T1: a synchronous tool', (open) => {
  it.each([
    ['add', 10],
    ['subtract', 6],
    ['multiply', 16],
    ['divide', 4],
  ])('can %s', async (operation, result) => {
    const client = await open(mcp)
    expect((await client.callTool('calculate', { a: 8, b: 2, operation })).data).toBe(result)
  })

  it('shows its operations, and names them to whoever asks for another', async () => {
    const client = await open(mcp)
    const [tool] = await client.tools()
    const operations = ['add', 'subtract', 'multiply', 'divide']
    expect(tool?.inputSchema.properties).toMatchObject({ operation: { enum: operations } })
    const power = client.callTool('calculate', { a: 8, b: 2, operation: 'power' })
    await expect(power).rejects.toThrow(
      'calculate: `operation` must be one of "add", "subtract", "multiply" or "divide"; got "power"',
    )
    const near = client.callTool('calculate', { a: 8, b: 2, operation: 'multply' })
    await expect(near).rejects.toThrow('did you mean "multiply"?')
  })

  it('tells the model about a division by zero', async () => {
    const client = await open(mcp)
    await expect(client.callTool('calculate', { a: 8, b: 0, operation: 'divide' })).rejects.toMatchObject({
      message: expect.stringContaining('Cannot divide by zero'),
      code: 'VALIDATION_ERROR',
      details: { a: 8, b: 0 },
    })
  })
})
