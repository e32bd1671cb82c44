import { encodeBase64 } from '../../../components/base64.ts'
import type { ResourceContents } from '../../../protocol/content.ts'
import { streamWords } from './make-result.ts'
import type { Answer } from './read-answer.ts'

/** The contents of a resource: the body of an answer, under the name that it has. JSON has been made plain. */
export function contentsOf(uri: string, answer: Answer, notes: readonly string[] = []): readonly ResourceContents[] {
  const words = streamWords(answer.kind === 'text' ? answer : {})
  const said = [...(words === undefined ? [] : [words]), ...notes].map((text) => ({
    uri,
    mimeType: 'text/plain',
    text,
  }))
  return [oneOf(uri, answer), ...said]
}

function oneOf(uri: string, answer: Answer): ResourceContents {
  switch (answer.kind) {
    case 'nothing':
      return { uri, text: '' }
    case 'json':
      return { uri, mimeType: answer.mediaType, text: JSON.stringify(answer.value) ?? '' }
    case 'text':
    case 'page':
      return { uri, mimeType: answer.mediaType, text: answer.text }
    default:
      return { uri, mimeType: answer.mediaType, blob: encodeBase64(answer.bytes) }
  }
}
