import type { ParameterStyle } from '../routes/route.ts'
import type { Encode } from './percent-encoding.ts'
import { Unsendable } from './unsendable.ts'

/** What stands between the values of a list that has one of these styles and is not exploded. */
export const DELIMITERS: ReadonlyMap<ParameterStyle | undefined, string> = new Map([
  ['spaceDelimited', ' '],
  ['tabDelimited', '\t'],
  ['pipeDelimited', '|'],
])

/** These separators are the same encoded or not, so a value that holds one would be read as two. */
export function without(separator: string, encode: Encode): Encode {
  return (text) => {
    if (text.includes(separator)) throw new Unsendable(`has a value with "${separator}", which separates its values`)
    return encode(text)
  }
}
