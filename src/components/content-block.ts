import type { ContentBlock, ResourceContents } from '../protocol/content.ts'
import { isRecord } from '../protocol/json-rpc.ts'

/** Whether a value has the whole shape of a content block, not only its `type`. */
export function isContentBlock(value: unknown): value is ContentBlock {
  if (!isRecord(value)) return false
  switch (value.type) {
    case 'text':
      return typeof value.text === 'string'
    case 'image':
    case 'audio':
      return typeof value.data === 'string' && typeof value.mimeType === 'string'
    case 'resource_link':
      return typeof value.uri === 'string' && typeof value.name === 'string'
    case 'resource':
      return isResourceContents(value.resource)
    default:
      return false
  }
}

/** Whether a value is what reading a resource gives. */
export function isResourceContents(value: unknown): value is ResourceContents {
  return (
    isRecord(value) &&
    typeof value.uri === 'string' &&
    (typeof value.text === 'string' || typeof value.blob === 'string')
  )
}
