import type { Encode } from './percent-encoding.ts'
import { hasMembers, isAbsent, textOf } from './texts.ts'
import { Unsendable } from './unsendable.ts'

/** How one parameter is written by its style: an operator of RFC 6570, or what OpenAPI has beside them. */
export interface Writing {
  /** Encoded. */
  readonly name: string
  /** Whether its name is written before its value. */
  readonly isNamed: boolean
  readonly explode: boolean
  /** Before all of it. */
  readonly first: string
  /** Between the parts of an exploded value. */
  readonly separator: string
  /** Between the parts of one that is not. */
  readonly delimiter: string
  /** Between a name and an empty value. */
  readonly beforeEmpty: '=' | ''
  readonly encodeName: Encode
  /** Writes a value that is a single text. */
  readonly encode: Encode
  /** Writes one of several. */
  readonly encodePart: Encode
  /** Whether a name is that of another parameter, which no member of an exploded object may have. */
  readonly isTaken: (name: string) => boolean
}

/** Writes a value, or undefined where nothing is to be written: for null, and for a list or object of nothing. */
export function expand(writing: Writing, value: unknown): string | undefined {
  if (typeof value === 'string') return writing.first + pair(writing, writing.encode(value))
  if (isAbsent(value)) return undefined
  const parts = Array.isArray(value)
    ? listParts(writing, value)
    : hasMembers(value)
      ? objectParts(writing, value)
      : undefined
  if (parts === undefined) return writing.first + pair(writing, writing.encode(textOf(value)))
  if (parts.length === 0) return undefined
  const { explode, first, separator, delimiter } = writing
  return first + (explode ? parts.join(separator) : pair(writing, parts.join(delimiter)))
}

function pair({ isNamed, name, beforeEmpty }: Writing, text: string): string {
  if (!isNamed) return text
  return text === '' ? name + beforeEmpty : `${name}=${text}`
}

function listParts(writing: Writing, list: readonly unknown[]): string[] {
  const texts = list.filter((item) => !isAbsent(item)).map((item) => writing.encodePart(textOf(item)))
  return writing.explode ? texts.map((text) => pair(writing, text)) : texts
}

function objectParts(writing: Writing, members: Readonly<Record<string, unknown>>): string[] {
  const present = Object.entries(members).filter(([, member]) => !isAbsent(member))
  return writing.explode
    ? present.map(([key, member]) => explodedMember(writing, key, textOf(member)))
    : present.flatMap(([key, member]) => [writing.encodePart(key), writing.encodePart(textOf(member))])
}

function explodedMember(
  { isTaken, encodeName, encodePart, isNamed, beforeEmpty }: Writing,
  key: string,
  text: string,
): string {
  if (isTaken(key)) throw new Unsendable(`has a member "${key.slice(0, 60)}", which is another parameter`)
  const equals = text === '' && isNamed ? beforeEmpty : '='
  return encodeName(key) + equals + encodePart(text)
}
