import { type Auth, FastMCP, ToolError } from '@fastmcp/ts'

// #region per-caller

import { perCaller } from '@fastmcp/ts/middleware'

// #endregion

export const mcp = new FastMCP({ name: 'ops', version: '1.0.0' })

mcp.tool('status', { description: 'How things are' }, () => 'fine')
mcp.tool('admin_reset', { description: 'Resets everything' }, () => 'reset')

// #region layers
mcp.use(async (call, next) => {
  const begun = performance.now()
  const result = await next()
  console.error(`${call.method} took ${Math.round(performance.now() - begun)} ms`)
  return result
})

mcp.use('tools/call', (call, next) => {
  if (call.params.name.startsWith('admin_') && !call.context.auth?.scopes?.includes('admin')) {
    throw new ToolError('UNAUTHORIZED', 'Only for administrators')
  }
  return next()
})
// #endregion

// #region per-caller
mcp.use(
  'tools/list',
  perCaller(async (call, next) => {
    const page = await next()
    return { ...page, tools: page.tools.filter(({ name }) => mayUse(call.context.auth, name)) }
  }),
)
// #endregion

function mayUse(auth: Auth | undefined, name: string): boolean {
  return !name.startsWith('admin_') || auth?.scopes?.includes('admin') === true
}
