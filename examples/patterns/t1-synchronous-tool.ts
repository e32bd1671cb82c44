/**
 * A tool that needs no promise. The schema names the operations, so that a model knows them and a wrong one
 * is answered with the right ones; what only the values can tell is a `ToolError`.
 *
 *     npx fastmcp call examples/patterns/t1-synchronous-tool.ts calculate a=6 b=7 operation=multiply
 */
import { FastMCP, ToolError } from '@fastmcp/ts'
import { z } from 'zod'

export const mcp = new FastMCP({ name: 'calculator', version: '1.0.0' })

mcp.tool(
  'calculate',
  {
    description: 'One operation on two numbers',
    input: z.object({ a: z.number(), b: z.number(), operation: z.enum(['add', 'subtract', 'multiply', 'divide']) }),
    output: z.number(),
    annotations: { readOnlyHint: true },
  },
  ({ a, b, operation }) => {
    switch (operation) {
      case 'add':
        return a + b
      case 'subtract':
        return a - b
      case 'multiply':
        return a * b
      case 'divide':
        if (b === 0) throw new ToolError('VALIDATION_ERROR', 'Cannot divide by zero', { a, b })
        return a / b
    }
  },
)
