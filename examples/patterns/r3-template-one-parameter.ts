/**
 * A family of resources, told apart by one parameter. The schema makes it a number; `undefined` says that there
 * is no such user, and clients get the error of the protocol.
 *
 *     npx fastmcp call examples/patterns/r3-template-one-parameter.ts users://7/profile
 */
import { FastMCP } from '@fastmcp/ts'
import { z } from 'zod'

export const mcp = new FastMCP({ name: 'users', version: '1.0.0' })

const USERS = new Map([
  [7, { id: 7, name: 'Ada' }],
  [8, { id: 8, name: 'Grace' }],
])

mcp.resource(
  'users://{id}/profile',
  { description: 'The profile of a user', mimeType: 'application/json', input: z.object({ id: z.int().positive() }) },
  ({ id }) => USERS.get(id),
)
