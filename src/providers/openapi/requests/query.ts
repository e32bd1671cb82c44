import type { MediaType, Parameter } from '../routes/route.ts'
import { formWriter } from './body/form.ts'
import { mediaKind } from './body/media-kind.ts'
import { contentText } from './content-text.ts'
import { encodeQueryString, encodeUnreserved } from './percent-encoding.ts'
import { type QueryWriter, styledWriter } from './styled-query.ts'

/** Compiles a parameter by its style or its media type. `taken` are the names of the other parameters. */
export function queryWriter(parameter: Parameter, taken: ReadonlySet<string>): QueryWriter {
  const { name, content } = parameter
  if (parameter.in === 'querystring') return wholeQueryWriter(parameter)
  if (content === undefined) return styledWriter(parameter, taken)
  const encoded = encodeUnreserved(name)
  return (value) => {
    const text = contentText(content, value)
    return text === undefined ? undefined : `${encoded}=${encodeUnreserved(text)}`
  }
}

/** A whole query that is one value (OpenAPI 3.2, 4.12.1). */
function wholeQueryWriter({ content = PLAIN }: Parameter): QueryWriter {
  const kind = mediaKind(content.type)
  if (kind === 'form') return formWriter(content)
  // The author of a plain text says what separates in it.
  const encode = content.type === PLAIN.type ? encodeQueryString : encodeUnreserved
  return (value) => {
    const text = contentText(content, value)
    return text === undefined ? undefined : encode(text)
  }
}

const PLAIN: MediaType = { type: 'text/plain', encoding: new Map() }
