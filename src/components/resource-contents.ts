import type { ResourceContents } from '../protocol/content.ts'
import { FastMCPError } from '../protocol/errors.ts'
import { encodeBase64, isBytes, toUint8Array } from './base64.ts'
import { isContentBlock, isResourceContents } from './content-block.ts'
import { mediaTypeOf } from './media-type.ts'
import { plain, type Refuse } from './plain.ts'

/** Resources may be larger than tool results: nobody gets one without asking for it. Bytes are not counted. */
const MOST_CHARACTERS = 64 * 1024 * 1024

/** What all contents of one resource share. */
export interface Reading {
  readonly uri: string
  /** As the author declared it; what a value says of itself counts more. */
  readonly mimeType: string | undefined
  readonly refuse: Refuse
}

/** Makes the errors of values that cannot be read; they name the resource. */
export function refuseFor(label: string): Refuse {
  return (path, problem) => new FastMCPError('RESULT_NOT_JSON', `${label}: contents${path} ${problem}`)
}

/**
 * What a handler returned as the contents of its resource: strings are text, bytes a blob, other data JSON.
 * `file()`, `image()`, `audio()`, `text()` and whole contents stay what they are, also in a list.
 */
export function toContents(returned: unknown, reading: Reading): readonly ResourceContents[] {
  if (Array.isArray(returned) && returned.some(isReady)) {
    return returned.filter((item) => item !== undefined).map((item: unknown) => toOne(item, reading))
  }
  return [toOne(returned, reading)]
}

function isReady(value: unknown): boolean {
  return isResourceContents(value) || (isContentBlock(value) && value.type !== 'resource_link')
}

function toOne(value: unknown, { uri, mimeType, refuse }: Reading): ResourceContents {
  if (isBytes(value)) return { uri, mimeType: mimeType ?? mediaTypeOf(toUint8Array(value)), blob: encodeBase64(value) }
  const data = plain(value, refuse, MOST_CHARACTERS)
  if (typeof data === 'string') return { uri, mimeType: mimeType ?? 'text/plain', text: data }
  if (isResourceContents(data)) return data
  if (!isContentBlock(data) || data.type === 'resource_link') {
    return { uri, mimeType: mimeType ?? 'application/json', text: JSON.stringify(data) }
  }
  if (data.type === 'resource') return data.resource
  return data.type === 'text'
    ? { uri, mimeType: mimeType ?? 'text/plain', text: data.text }
    : { uri, mimeType: data.mimeType, blob: data.data }
}
