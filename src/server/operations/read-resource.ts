import type { Resource, Template } from '../../components/component.ts'
import type { Awaitable } from '../../engine/call.ts'
import { McpError } from '../../protocol/errors.ts'
import type { Provider, View } from '../../providers/provider.ts'
import type { Operation } from './operation.ts'

/** Reads the resource with this URI, or the first template that matches it. */
export const readResource: Operation<'resources/read'> = (call, { provider }) => {
  const { uri } = call.params
  const found = findReadable(provider, uri, call.context)
  return found instanceof Promise
    ? found.then((readable) => known(readable, uri).read(uri, call.context))
    : known(found, uri).read(uri, call.context)
}

type Readable = Resource | Template

function findReadable(provider: Provider, uri: string, view: View): Awaitable<Readable | undefined> {
  const fixed = provider.find('resource', uri, view)
  if (fixed instanceof Promise) return fixed.then((resource) => resource ?? provider.find('template', uri, view))
  return fixed ?? provider.find('template', uri, view)
}

function known(readable: Readable | undefined, uri: string): Readable {
  if (readable === undefined) {
    throw new McpError('RESOURCE_NOT_FOUND', `Resource not found: ${uri.slice(0, 200)}`, { data: { uri } })
  }
  return readable
}
