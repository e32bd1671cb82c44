import { FastMCP } from '@fastmcp/ts'

export const mcp = new FastMCP({ name: 'users', version: '1.0.0' })

// #region resources
mcp.resource('config://app', { mimeType: 'application/json' }, () => ({ theme: 'dark' }))

mcp.resource(
  'users://{id}/profile{?lang}',
  { description: 'A user', complete: { lang: ['de', 'en', 'fr'] } },
  ({ id, lang }) => loadUser(id, lang),
)
// #endregion

/** Stands for a database. */
const USERS: Readonly<Record<string, string>> = { 7: 'Ada' }

async function loadUser(id: string, lang = 'en') {
  return Object.hasOwn(USERS, id) ? { name: USERS[id], lang } : undefined
}
