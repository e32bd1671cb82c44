/**
 * A server behind the gateway: it has its own callers and its own tokens.
 *
 *     npx fastmcp run examples/gateway/tickets.ts --transport http --port 8001
 */
import { FastMCP } from '@fastmcp/ts'
import { z } from 'zod'

const CALLERS = new Map([
  ['tickets-token-of-ada', 'ada'],
  ['tickets-token-of-bob', 'bob'],
])

export const mcp = new FastMCP({
  name: 'tickets',
  version: '1.0.0',
  authenticate: (request) => {
    const subject = CALLERS.get(request.header('authorization')?.replace('Bearer ', '') ?? '')
    return subject === undefined ? undefined : { subject }
  },
})

mcp.tool('create', { description: 'Creates a ticket', input: z.object({ title: z.string() }) }, ({ title }, ctx) => {
  return `${title}, reported by ${ctx.auth?.subject}`
})
mcp.tool('purge', { description: 'Deletes all tickets' }, () => 'gone')
mcp.resource('ticket://{id}', { description: 'A ticket' }, ({ id }) => `Ticket ${id}`)
