import { readFile } from 'node:fs/promises'
import { FastMCP } from '@fastmcp/ts'
import { safeJoin } from '@fastmcp/ts/filesystem'

/** A server of the texts below a folder. */
export function serveNotes(folder: string): FastMCP {
  const mcp = new FastMCP({ name: 'notes', version: '1.0.0' })
  // #region files
  mcp.resource('notes://{path*}', { description: 'A note', mimeType: 'text/markdown' }, async ({ path }) =>
    readFile(await safeJoin(folder, path), 'utf8'),
  )
  // #endregion
  return mcp
}
