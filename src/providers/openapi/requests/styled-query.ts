import type { Parameter } from '../routes/route.ts'
import { writeDeepObject } from './deep-object.ts'
import { expand, type Writing } from './expand.ts'
import { type Encode, encodeReservedInList, encodeReservedInQuery, encodeUnreserved } from './percent-encoding.ts'
import { Unsendable } from './unsendable.ts'

/** Writes one parameter of a query, with its name; undefined where it is left out. */
export type QueryWriter = (value: unknown) => string | undefined

/** What is known of a parameter of a query, or of a property of a form that is written like one. */
export type QueryParameter = Pick<Parameter, 'name' | 'style' | 'explode' | 'allowReserved'>

/** Compiles a parameter that has a style. */
export function styledWriter(parameter: QueryParameter, taken: ReadonlySet<string>): QueryWriter {
  const { name, style, allowReserved } = parameter
  if (style === 'deepObject') {
    const encode = allowReserved ? encodeReservedInQuery : encodeUnreserved
    return (value) => writeDeepObject(name, value, encode)
  }
  const writing = queryWriting(parameter, taken)
  return (value) => expand(writing, value)
}

function queryWriting({ name, style, explode, allowReserved }: QueryParameter, taken: ReadonlySet<string>): Writing {
  const encode = allowReserved ? encodeReservedInQuery : encodeUnreserved
  const common = {
    name: encodeUnreserved(name),
    isNamed: true,
    explode,
    first: '',
    separator: '&',
    beforeEmpty: '=',
    encodeName: encodeUnreserved,
    encode,
    isTaken: (key: string) => key !== name && taken.has(key),
  } as const
  // Exploded, these two repeat the name, so that nothing is between their values.
  if (style === 'spaceDelimited' && !explode) return { ...common, delimiter: '%20', encodePart: without(' ', encode) }
  if (style === 'pipeDelimited' && !explode) return { ...common, delimiter: '%7C', encodePart: without('|', encode) }
  return { ...common, delimiter: ',', encodePart: allowReserved && !explode ? encodeReservedInList : encode }
}

/** These separators are the same encoded or not, so a value that holds one would be read as two. */
function without(separator: string, encode: Encode): Encode {
  return (text) => {
    if (text.includes(separator)) throw new Unsendable(`has a value with "${separator}", which separates its values`)
    return encode(text)
  }
}
