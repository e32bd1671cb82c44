import type { Parameter } from '../routes/route.ts'
import { writeDeepObject } from './deep-object.ts'
import { DELIMITERS, without } from './delimiters.ts'
import { expand, type Writing } from './expand.ts'
import { encodeReservedInList, encodeReservedInQuery, encodeUnreserved } from './percent-encoding.ts'

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
  // Exploded, these repeat the name, so that nothing is between their values.
  const separator = explode ? undefined : DELIMITERS.get(style)
  if (separator !== undefined) {
    return { ...common, delimiter: encodeUnreserved(separator), encodePart: without(separator, encode) }
  }
  return { ...common, delimiter: ',', encodePart: allowReserved && !explode ? encodeReservedInList : encode }
}
