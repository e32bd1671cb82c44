import type { Parameter } from '../routes/route.ts'
import { mediaKind } from './body/media-kind.ts'
import { contentText } from './content-text.ts'
import { DELIMITERS, without } from './delimiters.ts'
import { expand, type Writing } from './expand.ts'
import { isReservedHeader, isToken } from './reserved-headers.ts'
import { Unsendable } from './unsendable.ts'

/** Writes the value of one header; undefined where it is left out. */
export type HeaderWriter = (value: unknown) => string | undefined

/** Compiles a header. Values stand as they are, without any quoting (OpenAPI 3.2, appendix D). */
export function headerWriter({ name, style, explode, content }: Parameter): HeaderWriter {
  if (isReservedHeader(name) || !isToken(name)) return refuseAll
  if (content !== undefined) {
    const readable = mediaKind(content.type) === 'json' ? inAscii : asItIs
    return (value) => {
      const text = contentText(content, value)
      return text === undefined ? undefined : checkHeader(readable(text))
    }
  }
  const between = explode ? undefined : DELIMITERS.get(style)
  const values = between && { delimiter: between, encodePart: without(between, asItIs) }
  const writing = { ...SIMPLE, explode, ...values }
  return (value) => checkHeader(expand(writing, value))
}

/** The same JSON without characters that no header can hold. */
function inAscii(json: string): string {
  return json.replace(/[^\x20-\x7e]/g, (found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

const asItIs = (text: string): string => text

const SIMPLE: Writing = {
  name: '',
  isNamed: false,
  explode: false,
  first: '',
  separator: ',',
  delimiter: ',',
  beforeEmpty: '',
  encodeName: asItIs,
  encode: asItIs,
  encodePart: asItIs,
  isTaken: () => false,
}

function refuseAll(value: unknown): undefined {
  if (value !== undefined && value !== null) throw new Unsendable('is a header that no argument sets')
}

function checkHeader(text: string | undefined): string | undefined {
  if (text !== undefined && !/^[\t\x20-\x7e\x80-\xff]*$/.test(text)) {
    throw new Unsendable('has a line break, or a character that no header can hold')
  }
  return text
}
