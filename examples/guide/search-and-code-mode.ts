// #region search

import { FastMCP, pipe, search } from '@fastmcp/ts'

// #endregion
// #region code-mode

import { codeMode } from '@fastmcp/ts/code-mode'

// #endregion

import { z } from 'zod'

const api = new FastMCP({ name: 'api', version: '1.0.0' })

const Order = z.object({ id: z.int(), total: z.number() })

api.tool('get_order', { description: 'One order', input: z.object({ id: z.int() }), output: Order }, ({ id }) => ({
  id,
  total: id * 10,
}))
api.tool('list_customers', { description: 'All customers', tags: ['reading'] }, () => ['Ada', 'Grace'])
api.tool('help', { description: 'Explains this API' }, () => 'Ask for orders or customers')

// #region search
export const mcp = new FastMCP({ name: 'large', version: '1.0.0' })

mcp.mount('shop', pipe(api, search({ alwaysVisible: ['help'] })))
// #endregion

// #region code-mode
export const coding = new FastMCP({ name: 'coding', version: '1.0.0' })

coding.mount(pipe(api, codeMode({ limits: { calls: 20, timeMs: 10_000 } })))
// #endregion
