import { isRecord } from '../../../protocol/json-rpc.ts'
import { followed } from './follow-reference.ts'
import { flagIn, given, type Members, memberIn, membersIn, textIn } from './read-members.ts'
import type { Reading } from './reading.ts'
import type { Encoding, MediaType, Parameter, ParameterPlace, ParameterStyle, RawSchema } from './route.ts'

/** The forms of a body, in the order of the document; those that cannot be read are left out. */
export function readContent(content: unknown, reading: Reading): readonly MediaType[] {
  if (!isRecord(content)) return []
  return reading.memory.content.read(content, reading, (inner) => mediaTypesOf(content, inner))
}

function mediaTypesOf(content: Members, reading: Reading): readonly MediaType[] {
  const found = new Map<string, MediaType>()
  for (const [names, member] of Object.entries(content).slice(0, MOST.types)) {
    // Some documents list several for one schema.
    for (const name of names.split(',').slice(0, MOST.types)) {
      const [essence = '', ...parameters] = name.split(';').map((part) => part.trim())
      const type = essence.toLowerCase()
      if (!MEDIA_TYPE.test(type)) reading.note(`${JSON.stringify(name.slice(0, 60))} is no media type`)
      else if (!found.has(type)) {
        const told = parameters.filter((parameter) => PARAMETER.test(parameter)).slice(0, MOST.parameters)
        const media = readMediaType(type, member, reading)
        found.set(type, told.length === 0 ? media : { ...media, parameters: told.join('; ') })
      }
    }
  }
  return [...found.values()]
}

const MOST = { types: 100, properties: 1_000, headers: 20, parameters: 10, examples: 4 }
/** What is written, and how its parts are parted, is known when it is written; a weight says how much it is wanted. */
const PARAMETER = /^(?!(?:charset|boundary|q)=)[\w!#$&^.+-]{1,60}=[\w!#$&^.+-]{1,100}$/i
const MEDIA_TYPE = /^[\w!#$&^.+*-]+\/[\w!#$&^.+*-]+$/

function readMediaType(type: string, member: unknown, reading: Reading): MediaType {
  const media = reading.lenient(() => followed(member, reading.targets)) ?? {}
  const encoding = new Map<string, Encoding>()
  for (const [property, value] of Object.entries(membersIn(media, 'encoding')).slice(0, MOST.properties)) {
    if (isRecord(value)) encoding.set(property, readEncoding(value, reading))
  }
  return { type, ...given('schema', schemaIn(media) ?? listOfItems(media)), encoding }
}

/** Of a sequence, such as JSON in lines, a document may describe each item instead of all. */
function listOfItems({ itemSchema: items }: Members): RawSchema | undefined {
  return isRecord(items) ? { type: 'array', items } : undefined
}

function readEncoding(members: Members, reading: Reading): Encoding {
  const explode = memberIn(members, 'explode')
  return {
    ...given('contentType', textIn(members, 'contentType')),
    headers: readHeaders(memberIn(members, 'headers'), reading),
    ...given('style', styleIn(members, 'query')),
    ...(typeof explode === 'boolean' && { explode }),
    allowReserved: flagIn(members, 'allowReserved'),
  }
}

/** The schema of something; what cannot be one is none. */
export function schemaIn(members: Members): RawSchema | undefined {
  const schema = memberIn(members, 'schema')
  return isRecord(schema) || typeof schema === 'boolean' ? schema : undefined
}

/** One parameter, or header, of which only name and place were looked at. */
export function readParameter(
  members: Members,
  what: { readonly name: string; readonly place: ParameterPlace },
  reading: Reading,
): Parameter {
  const { name, place } = what
  const [content] = readContent(memberIn(members, 'content'), reading)
  const style = styleIn(members, place) ?? STYLES[place][0] ?? 'form'
  const explode = memberIn(members, 'explode')
  return {
    name,
    in: place,
    required: place === 'path' || flagIn(members, 'required'),
    ...given('description', textIn(members, 'description')),
    deprecated: flagIn(members, 'deprecated'),
    ...given('schema', schemaIn(members)),
    ...given('examples', examplesIn(members, reading)),
    style,
    explode: typeof explode === 'boolean' ? explode : style === 'form' || style === 'cookie',
    allowReserved: flagIn(members, 'allowReserved'),
    ...given('content', content),
  }
}

/** The one example, or the first of those with names. */
function examplesIn(members: Members, reading: Reading): readonly unknown[] | undefined {
  const example = memberIn(members, 'example')
  if (example !== undefined) return [example]
  const named = Object.values(membersIn(members, 'examples')).slice(0, MOST.examples)
  const values = named.flatMap((each) => {
    const value = memberIn(reading.lenient(() => followed(each, reading.targets)) ?? {}, 'value')
    return value === undefined ? [] : [value]
  })
  return values.length > 0 ? values : undefined
}

/** Where a parameter says that it stands. */
export function placeIn(members: Members): ParameterPlace | undefined {
  const place = memberIn(members, 'in')
  return typeof place === 'string' && Object.hasOwn(STYLES, place) ? (place as ParameterPlace) : undefined // one of its keys
}

function readHeaders(headers: unknown, reading: Reading): readonly Parameter[] {
  return Object.entries(isRecord(headers) ? headers : {})
    .slice(0, MOST.headers)
    .flatMap(([name, value]) => {
      const header = reading.lenient(() => followed(value, reading.targets))
      if (header === undefined || name.toLowerCase() === 'content-type') return []
      return readParameter(header, { name, place: 'header' }, reading)
    })
}

function styleIn(members: Members, place: ParameterPlace): ParameterStyle | undefined {
  const style = memberIn(members, 'style')
  return STYLES[place].find((allowed) => allowed === style)
}

/** Swagger 2.0 allows them in paths and headers too. */
const DELIMITED = ['spaceDelimited', 'tabDelimited', 'pipeDelimited'] as const

/** The first is what it is where nothing is said. */
const STYLES: Readonly<Record<ParameterPlace, readonly ParameterStyle[]>> = {
  path: ['simple', 'label', 'matrix', ...DELIMITED],
  query: ['form', ...DELIMITED, 'deepObject'],
  header: ['simple', ...DELIMITED],
  cookie: ['form', 'cookie'],
  querystring: ['form'],
}
