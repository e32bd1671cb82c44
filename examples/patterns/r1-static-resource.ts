/**
 * Data at a fixed address. An object is sent as JSON.
 *
 *     npx fastmcp call examples/patterns/r1-static-resource.ts config://app
 */
import { FastMCP } from '@fastmcp/ts'

export const mcp = new FastMCP({ name: 'settings', version: '1.0.0' })

mcp.resource('config://app', { description: 'Settings of the app', mimeType: 'application/json' }, () => ({
  theme: 'dark',
  features: ['export', 'share'],
  pageSize: 25,
}))
