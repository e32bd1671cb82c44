import type { Parameter } from '../routes/route.ts'
import { contentText } from './content-text.ts'
import { expand, type Writing } from './expand.ts'
import { type Encode, encodeReservedInCookie, encodeUnreserved } from './percent-encoding.ts'
import { isToken } from './reserved-headers.ts'
import { Unsendable } from './unsendable.ts'

/** Writes one cookie, or several for an exploded value; undefined where it is left out. */
export type CookieWriter = (value: unknown) => string | undefined

/** Compiles a cookie. `taken` are the names of the others. */
export function cookieWriter(parameter: Parameter, taken: ReadonlySet<string>): CookieWriter {
  const { content } = parameter
  const writing = cookieWriting(parameter, taken)
  return content === undefined
    ? (value) => expand(writing, value)
    : (value) => expand(writing, contentText(content, value))
}

function cookieWriting(parameter: Parameter, taken: ReadonlySet<string>): Writing {
  const { name, style, explode, allowReserved, content } = parameter
  const isRaw = style === 'cookie'
  const encode = isRaw ? checkValue : allowReserved && content === undefined ? encodeReservedInCookie : encodeUnreserved
  const encodeName: Encode = isRaw ? checkName : encodeUnreserved
  return {
    name: encodeUnreserved(name),
    isNamed: true,
    explode,
    first: '',
    separator: '; ',
    delimiter: ',',
    beforeEmpty: '=',
    encodeName,
    encode,
    encodePart: encode,
    isTaken: (key: string) => key !== name && taken.has(key),
  }
}

/** What a cookie holds unquoted (RFC 6265, 4.1.1), and spaces within it, as the example of the specification has. */
function checkValue(text: string): string {
  if (/^(?:[!#-+\--:<-[\]-~](?:[!#-+\--:<-[\]-~ ]*[!#-+\--:<-[\]-~])?)?$/.test(text)) return text
  throw new Unsendable('has characters that no cookie can hold as they are; give them percent-encoded')
}

function checkName(name: string): string {
  if (isToken(name)) return name
  throw new Unsendable(`has a member "${name.slice(0, 60)}", which cannot be the name of a cookie`)
}
