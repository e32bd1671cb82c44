import { DefinitionError } from '../protocol/errors.ts'
import { fromServer, type MountableServer } from '../providers/from-server.ts'
import type { Provider, Transform } from '../providers/provider.ts'

/**
 * A source seen through transforms, the first of them next to it. Give a server and it is seen as a source, with its own
 * middleware around its components as ever.
 *
 * @example
 * mcp.mount('github', pipe(github, hide({ tags: ['internal'] }), rename({ create_issue: 'file_bug' })))
 */
export function pipe(source: Provider | MountableServer, ...transforms: readonly Transform[]): Provider {
  if (typeof source !== 'object' || source === null)
    throw new DefinitionError('pipe', 'give a server or a provider first, and transforms behind it')
  const provider = 'handle' in source ? fromServer(source) : source
  return transforms.reduce((seen, transform) => transform(seen), provider)
}
