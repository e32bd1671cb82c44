import { realpath } from 'node:fs/promises'
import { isAbsolute, join, relative, sep } from 'node:path'
import { isUnsafePath } from '../../components/path-screen.ts'
import { FastMCPError, ToolError } from '../../protocol/errors.ts'

/**
 * The real path of a file or folder below `folder`, with every link followed and every name as the file system has it.
 * Throws `ToolError` (`NOT_FOUND`) for what is not there and for what leads out of the folder, by `..` or by a link, in the
 * same words. What is at the path may be another the moment after, where others may write there.
 *
 * @example
 * mcp.resource('notes://{path*}', { description: 'A note' }, async ({ path }) => readFile(await safeJoin('./notes', path), 'utf8'))
 */
export async function safeJoin(folder: string, path: string): Promise<string> {
  const root = await realpath(folder).catch((cause: unknown) => {
    throw new FastMCPError('SETTING', 'safeJoin: the folder is not there; give one that exists', { cause })
  })
  if (typeof path !== 'string' || isUnsafePath(path)) throw missing(path)
  const place = await realpath(join(root, path)).catch((cause: unknown) => {
    throw missing(path, cause)
  })
  if (!isBelow(root, place)) throw missing(path)
  return place
}

function isBelow(root: string, place: string): boolean {
  const way = relative(root, place)
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way)
}

function missing(path: unknown, cause?: unknown): ToolError {
  return new ToolError('NOT_FOUND', `There is no ${String(path).slice(0, 200)}`, { cause })
}
