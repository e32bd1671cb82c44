import type { Encoding, MediaType } from '../../routes/route.ts'
import { deepPairs, type Pair } from '../deep-object.ts'
import { DELIMITERS } from '../delimiters.ts'
import { hasMembers, isAbsent, jsonOf, textOf } from '../texts.ts'
import { refusalOf, Unsendable } from '../unsendable.ts'
import { type FileValue, looksLikeFile, readFileValue } from './file.ts'
import { type FileFacts, NO_FILE } from './file-schema.ts'
import { fixedHeaders } from './fixed-headers.ts'
import { firstType, hasStyle } from './form.ts'
import { mediaKind } from './media-kind.ts'
import { dispositionLine, type Part, writeParts } from './parts.ts'
import type { Written } from './written.ts'

/** What the schema of a body says of the files in it. */
export interface BodyFacts {
  readonly members: ReadonlyMap<string, FileFacts>
  /** Of it as a whole, or of its items where it is a list. */
  readonly itself: FileFacts
}

/**
 * Compiles a body in parts: one for each property, or one for each item of a property that is a list, or, where the body
 * is a list itself, one for each of its items (OpenAPI 3.2, 4.14.4).
 */
export function multipartWriter({ type, encoding }: MediaType, facts: BodyFacts): (value: unknown) => Written {
  const concrete = type.includes('*') ? 'multipart/form-data' : type
  const properties = new Map(
    [...new Set([...facts.members.keys(), ...encoding.keys()])].map((name) => [name, property(name)]),
  )
  function property(name: string): Property & { readonly name: string } {
    const one = encoding.get(name)
    return { name, encoding: one, facts: facts.members.get(name) ?? NO_FILE, headers: fixedHeaders(one?.headers ?? []) }
  }
  const nameless: Property = { name: undefined, encoding: undefined, facts: facts.itself, headers: [] }
  // Some documents describe a form as one file, and have no name for it.
  const alone = concrete === 'multipart/form-data' ? { ...nameless, name: 'file' } : nameless
  return (value) => {
    if (Array.isArray(value))
      return writeParts(
        concrete,
        value.filter(isPresent).map((item) => partOf(nameless, item)),
      )
    if (facts.itself.isFile && (typeof value === 'string' || looksLikeFile(value))) {
      return writeParts(concrete, [partOf(alone, value)])
    }
    if (!hasMembers(value)) throw new Unsendable('is no form: give an object')
    const present = Object.entries(value).filter(([, member]) => isPresent(member))
    return writeParts(
      concrete,
      present.flatMap(([name, member]) => named(properties.get(name) ?? property(name), member)),
    )
  }
}

function named(property: Property & { readonly name: string }, value: unknown): readonly Part[] {
  try {
    return propertyParts(property, value)
  } catch (problem) {
    throw refusalOf(problem, property.name)
  }
}

interface Property {
  readonly name: string | undefined
  readonly encoding: Encoding | undefined
  readonly facts: FileFacts
  /** Whole lines. */
  readonly headers: readonly string[]
}

const isPresent = (item: unknown): boolean => !isAbsent(item)

function propertyParts(property: Property, value: unknown): readonly Part[] {
  const { name, encoding, facts } = property
  if (name !== undefined && encoding !== undefined && hasStyle(encoding) && !facts.isFile && !hasFile(value)) {
    return styledPairs(name, encoding, value).map(([key, body]) => ({
      headers: [dispositionLine('form-data', { name: key }), ...property.headers],
      body,
    }))
  }
  const items = Array.isArray(value) ? value.filter(isPresent) : [value]
  return items.map((item) => partOf(property, item))
}

function hasFile(value: unknown): boolean {
  return Array.isArray(value) ? value.some(looksLikeFile) : looksLikeFile(value)
}

function partOf(property: Property, value: unknown): Part {
  return property.facts.isFile || looksLikeFile(value)
    ? filePart(property, readFileValue(value))
    : valuePart(property, value)
}

function filePart(property: Property, file: FileValue): Part {
  const { name, encoding, facts, headers } = property
  const { filename = name ?? 'file' } = file
  const type = allowedType(encoding, file.contentType) ?? facts.contentType ?? 'application/octet-stream'
  return {
    headers: [disposition(name, filename), `Content-Type: ${type}`, ...headers],
    body: file.bytes,
  }
}

/** The media type of a file: as given, if the document allows it, or else the first one that the document names. */
function allowedType(encoding: Encoding | undefined, given: string | undefined): string | undefined {
  const allowed = encoding?.contentType?.split(',').map((type) => type.trim()) ?? []
  if (given === undefined) return allowed.find((type) => type !== '' && !type.includes('*') && isLine(type))
  const essence = given.split(';', 1)[0]?.trim().toLowerCase() ?? ''
  if (allowed.length === 0 || allowed.some((type) => covers(type.toLowerCase(), essence))) return given
  throw new Unsendable(`has a contentType that is none of ${allowed.join(', ').slice(0, 200)}`)
}

function covers(range: string, type: string): boolean {
  const wanted = range.split(';', 1)[0]?.trim() ?? ''
  return wanted === type || wanted === '*/*' || (wanted.endsWith('/*') && type.startsWith(wanted.slice(0, -1)))
}

function valuePart({ name, encoding, headers }: Property, value: unknown): Part {
  const said = firstType(encoding)
  const isNested = typeof value === 'object'
  const type =
    said !== undefined && said !== '' && !said.includes('*') && isLine(said)
      ? said
      : isNested
        ? 'application/json'
        : undefined
  const kind = mediaKind(type ?? 'text/plain')
  if (isNested && kind === 'xml') throw new Unsendable('is to be XML: give it as text')
  const line = type === undefined ? [] : [`Content-Type: ${type}`]
  return {
    headers: [disposition(name, undefined), ...line, ...headers].filter((text) => text !== ''),
    body: kind === 'json' ? jsonOf(value) : textOf(value),
  }
}

function isLine(text: string): boolean {
  return /^[\x20-\x7e]*$/.test(text)
}

function disposition(name: string | undefined, filename: string | undefined): string {
  if (name !== undefined) return dispositionLine('form-data', { name, filename })
  return filename === undefined ? '' : dispositionLine('attachment', { filename })
}

/** As in a query, but nothing is encoded: the name of each part, and what it holds (OpenAPI 3.2, appendix C). */
function styledPairs(
  name: string,
  { style = 'form', explode = style === 'form' }: Encoding,
  value: unknown,
): readonly Pair[] {
  if (style === 'deepObject') return deepPairs(name, value)
  const isPlain = typeof value !== 'object' || value === null
  if (isPlain) return [[name, textOf(value)]]
  const entries = Object.entries(value).filter(([, member]) => isPresent(member))
  if (entries.length === 0) return []
  if (explode) return entries.map(([key, member]) => [Array.isArray(value) ? name : key, textOf(member)])
  const texts = entries.flatMap(([key, member]) => (Array.isArray(value) ? [textOf(member)] : [key, textOf(member)]))
  return [[name, texts.join(DELIMITERS.get(style) ?? ',')]]
}
