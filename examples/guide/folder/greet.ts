import { resource, tool } from '@fastmcp/ts'
import { z } from 'zod'

export const greet = tool(
  'greet',
  { description: 'Greets a person', input: z.object({ name: z.string() }) },
  ({ name }) => `Hello ${name}`,
)
export const manners = resource('manners://greeting', {}, () => 'Look at people while you greet them.')
