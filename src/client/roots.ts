import type { Root, RootsResult } from '../protocol/asks.ts'
import { isRecord } from '../protocol/json-rpc.ts'
import { ClientError } from './errors.ts'

/** Makes what a handler returned into the protocol's result; anything but files is refused. */
export function toRootsResult(returned: readonly (Root | string)[]): RootsResult {
  if (!Array.isArray(returned)) throw new ClientError('HANDLER_FAILED', 'onRoots must return a list')
  return { roots: returned.map(toRoot) }
}

function toRoot(given: unknown): Root {
  const root = typeof given === 'string' ? { uri: given } : given
  const uri = isRecord(root) && typeof root.uri === 'string' && URL.canParse(root.uri) ? new URL(root.uri) : undefined
  if (uri?.protocol !== 'file:') {
    throw new ClientError('HANDLER_FAILED', `onRoots must return file:// URIs; pathToFileURL makes one of a path`)
  }
  const name = isRecord(root) && typeof root.name === 'string' ? root.name : undefined
  // The parsed form has no ".." left in it.
  return name === undefined ? { uri: uri.href } : { uri: uri.href, name }
}
