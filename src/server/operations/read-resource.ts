import type { Resource, Template } from '../../components/component.ts'
import type { Awaitable, Call } from '../../engine/call.ts'
import type { ReadResourceResult } from '../../protocol/methods.ts'
import type { Provider, View } from '../../providers/provider.ts'
import type { Kept } from '../kept-reads.ts'
import type { Operation, Serving } from './operation.ts'
import { refuseUnknown } from './refuse-unknown.ts'

/** Reads the resource with this URI, or the first template that matches it. */
export const readResource: Operation<'resources/read'> = (call, serving) => {
  const found = findReadable(serving.provider, call.params.uri, call.context)
  return found instanceof Promise ? found.then((readable) => read(readable, call, serving)) : read(found, call, serving)
}

type Readable = Resource | Template

function isKept(readable: Readable): readable is Kept {
  return readable.keep !== undefined
}

function findReadable(provider: Provider, uri: string, view: View): Awaitable<Readable | undefined> {
  const fixed = provider.find('resource', uri, view)
  if (fixed instanceof Promise) return fixed.then((resource) => resource ?? provider.find('template', uri, view))
  return fixed ?? provider.find('template', uri, view)
}

function read(
  readable: Readable | undefined,
  call: Call<'resources/read'>,
  serving: Serving,
): Awaitable<ReadResourceResult> {
  const { uri } = call.params
  if (readable !== undefined) {
    return isKept(readable) ? serving.keptReads.read(readable, uri, call.context) : readable.read(uri, call.context)
  }
  const missing = { kinds: ['resource'], words: 'Resource not found', id: uri, code: 'RESOURCE_NOT_FOUND' } as const
  return refuseUnknown({ ...missing, data: { uri } }, call, serving)
}
