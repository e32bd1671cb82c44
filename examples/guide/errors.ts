import { FastMCP, ToolError } from '@fastmcp/ts'
import { z } from 'zod'

// #region table

import { errors, on } from '@fastmcp/ts/middleware'

// #endregion

class NotFound extends Error {}
class Denied extends Error {}

const USERS: Readonly<Record<string, string>> = { 7: 'Ada' }

export const mcp = new FastMCP({ name: 'users', version: '1.0.0' })

mcp.tool('find_user', { description: 'Finds a user', input: z.object({ id: z.string() }) }, ({ id }) => {
  // #region tool-error
  if (!Object.hasOwn(USERS, id)) throw new ToolError('NOT_FOUND', `No user ${id}`, { id })
  // #endregion
  return USERS[id]
})

mcp.tool(
  'remove_user',
  { description: 'Removes a user', input: z.object({ id: z.string() }) },
  async ({ id }): Promise<string> => {
    if (!Object.hasOwn(USERS, id)) throw new NotFound(`There is no user ${id}`)
    if (id === '7') throw new Denied('Users with the number 7 are kept for ever, see ticket 4711')
    throw new Error('The database at db.internal:5432 does not answer')
  },
)

// #region table
mcp.use(
  errors([
    on(NotFound, (problem) => new ToolError('NOT_FOUND', problem.message)),
    on(Denied, () => new ToolError('UNAUTHORIZED', 'You may not do this')),
  ]),
)
// #endregion
