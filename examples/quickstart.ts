// #region readme

import { FastMCP } from '@fastmcp/ts'
import { z } from 'zod'

export const mcp = new FastMCP({ name: 'quickstart', version: '1.0.0' })

mcp.tool(
  'add',
  { description: 'Add two numbers', input: z.object({ a: z.number(), b: z.number() }) },
  ({ a, b }) => a + b,
)

// #endregion

const Greeting = z.object({ name: z.string(), style: z.enum(['warm', 'formal']).default('warm') })
mcp.tool('greet', { description: 'Greet somebody', input: Greeting }, ({ name, style }) =>
  style === 'warm' ? `Hi, ${name}!` : `Good day, ${name}.`,
)

// #region readme
mcp.resource('config://app', { mimeType: 'application/json' }, () => ({ theme: 'dark' }))
mcp.resource('users://{id}/profile', { description: 'The profile of a user' }, ({ id }) => ({ id, name: `User ${id}` }))
// #endregion

mcp.prompt(
  'review',
  { description: 'Review code', input: z.object({ code: z.string() }) },
  ({ code }) => `Review this code:\n\n${code}`,
)
