import type { Parameter } from '../routes/route.ts'
import { contentText } from './content-text.ts'
import { DELIMITERS, without } from './delimiters.ts'
import { expand, type Writing } from './expand.ts'
import { type Encode, encodeReservedInPath, encodeUnreserved } from './percent-encoding.ts'
import { Unsendable } from './unsendable.ts'

/** Writes the value of a path parameter. Throws `Unsendable` for one that would make the path another. */
export function pathWriter(parameter: Parameter): (value: unknown) => string {
  const { content } = parameter
  const writing = pathWriting(parameter)
  const nothing = parameter.style === 'label' ? '.' : ''
  return (value) => {
    const text = expand(writing, content === undefined ? value : contentText(content, value))
    // An empty one would make the path that of something else: /users/ for /users/{id}.
    if (text === undefined || text === nothing) throw new Unsendable('is empty, and the path needs it')
    return text
  }
}

function pathWriting({ name, style, explode, allowReserved, content }: Parameter): Writing {
  const encode = allowReserved && content === undefined ? encodeReservedInPath : encodeUnreserved
  const common = {
    name: encodeUnreserved(name),
    explode,
    delimiter: ',',
    beforeEmpty: '',
    encodeName: encodeUnreserved,
    encode,
    encodePart: encode,
    isTaken: () => false,
  } as const
  if (style === 'matrix') return { ...common, isNamed: true, first: ';', separator: ';' }
  if (style !== 'label') {
    const between = explode ? undefined : DELIMITERS.get(style)
    const values = between && { delimiter: encodeUnreserved(between), encodePart: without(between, encode) }
    return { ...common, ...values, isNamed: false, first: '', separator: ',' }
  }
  const labels = { ...common, isNamed: false, first: '.', separator: '.' } as const
  return explode ? { ...labels, encodeName: encodeLabel(encodeUnreserved), encodePart: encodeLabel(encode) } : labels
}

/** A dot between labels separates them. */
function encodeLabel(encode: Encode): Encode {
  return (text) => encode(text).replaceAll('.', '%2E')
}
