import { encodeBase64 } from '../../../components/base64.ts'
import { MOST_CHARACTERS, plain } from '../../../components/plain.ts'
import type { ContentBlock } from '../../../protocol/content.ts'
import type { CallToolResult } from '../../../protocol/methods.ts'
import { type Errand, useless } from '../../../upstream/failures.ts'
import type { UpstreamError } from '../../../upstream/upstream-error.ts'
import type { Answer } from './read-answer.ts'
import { type OutputRoot, structuredOf } from './structured.ts'

/** Whose answer it is. */
export interface Asked {
  readonly errand: Errand
  readonly status: number
}

/** What results of one operation have in common. */
export interface ResultParts {
  readonly root: OutputRoot
  /** The URI under which bytes travel; nothing is behind it. */
  readonly bytesUri: string
}

/** Most characters of a web page: what is in them is mostly markup. */
const MOST_OF_PAGE = 100_000

/** The result of JSON, which has been made plain. */
export function jsonResult(value: unknown, notes: readonly string[], root: OutputRoot): CallToolResult {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '')
  return { content: [text, ...notes].map(textBlock), ...structuredOf(value, root) }
}

/** The result of an answer without a body. */
export function emptyResult(words: string, root: OutputRoot): CallToolResult {
  return { content: [textBlock(words)], ...structuredOf(undefined, root) }
}

/** The result of anything that is no JSON. Throws for what is larger than a result may be. */
export function otherResult(
  answer: Exclude<Answer, { kind: 'json' | 'nothing' }>,
  { root, bytesUri }: ResultParts,
  asked: Asked,
): CallToolResult {
  switch (answer.kind) {
    case 'page': {
      const text = answer.text.slice(0, MOST_OF_PAGE)
      return textResult(text, { before: pageWords(answer.text, answer.mediaType) }, root)
    }
    case 'text': {
      if (answer.cutAfter === undefined && answer.text.length > MOST_CHARACTERS) throw tooLarge(asked)
      return textResult(answer.text.slice(0, MOST_CHARACTERS), { after: streamWords(answer) }, root)
    }
    default: {
      const { kind, mediaType: mimeType, bytes } = answer
      if (bytes.length * (4 / 3) > MOST_CHARACTERS) throw tooLarge(asked)
      const data = encodeBase64(bytes)
      const block: ContentBlock =
        kind === 'bytes'
          ? { type: 'resource', resource: { uri: bytesUri, mimeType, blob: data } }
          : { type: kind, data, mimeType }
      return { content: [block], ...(root !== undefined && structuredOf(undefined, root)) }
    }
  }
}

/** JSON that a result can carry. Throws for what nests too deep or is too large. */
export function plainJson(value: unknown, asked: Asked, most: number = MOST_CHARACTERS): unknown {
  return plain(value, () => tooLarge(asked), most)
}

/** The error of an answer that is larger than what can be made of it may be. */
export function tooLarge({ errand, status }: Asked): UpstreamError {
  return useless(errand, 'too_large', { words: 'with more than a result can hold; ask for less at once', status })
}

interface Said {
  readonly before?: string | undefined
  readonly after?: string | undefined
}

function textResult(text: string, { before, after }: Said, root: OutputRoot): CallToolResult {
  const content = [before, text, after].flatMap((each) => (each === undefined ? [] : textBlock(each)))
  return { content, ...(root !== undefined && structuredOf(text, root)) }
}

/** What is to be said of a text that is not whole. */
export function streamWords({ cutAfter }: { readonly cutAfter?: string }): string | undefined {
  return cutAfter === undefined ? undefined : `This is the beginning of a stream: ${cutAfter}`
}

function pageWords(text: string, mediaType: string): string {
  const size = text.length > MOST_OF_PAGE ? `, the first ${MOST_OF_PAGE} of ${text.length} characters` : ''
  return `A web page (${mediaType})${size}:`
}

function textBlock(text: string): ContentBlock {
  return { type: 'text', text }
}
