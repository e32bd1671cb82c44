import type { JsonSchema } from '../../../schema/json-schema.ts'
import { isSchemaObject } from '../../../schema/keywords.ts'
import { shorten } from '../names/shorten.ts'
import type { MediaType, RequestBody } from '../routes/route.ts'
import { pointedBy } from '../schemas/definition.ts'
import { writtenOut } from '../schemas/portable-schema.ts'
import type { ChosenMedia } from './choose-media.ts'
import { isFileSchema, limitedFile } from './file-argument.ts'
import { flatten } from './flatten-body.ts'
import type { Planning } from './planning.ts'

/** What of a body becomes arguments. */
export interface PlannedBody {
  readonly media: MediaType
  /** Whether it is one argument. */
  readonly isWhole: boolean
  /** The schemas of its properties by their names, or its own as `body`. */
  readonly members: ReadonlyMap<string, JsonSchema>
  readonly required: ReadonlySet<string>
  /** What is required of those who give any member, of a body that may be left out. */
  readonly needed: ReadonlySet<string>
  /** Whether a body is sent even where no member is given. */
  readonly isSentEmpty: boolean
}

const NONE: ReadonlySet<string> = new Set()
const WHOLE = 'body'
const LONGEST_DESCRIPTION = 300

/** Plans a body: its members where they are known one by one and the form has members, or else all of it as `body`. */
export function planBody(body: RequestBody, chosen: ChosenMedia, planning: Planning): PlannedBody {
  const node = nodeOf(chosen.media, planning)
  const { media, kind } = settled(chosen, node, planning)
  const hasMembers = kind === 'json' || kind === 'form' || kind === 'parts'
  const flat = hasMembers && !isFileSchema(node) ? flatten(node, planning.library) : undefined
  if (flat === undefined) return whole(body, { media, node: wholeNode(node, { media, kind }, planning), planning })
  for (const words of flat.notes) planning.notes.add(words)
  const members = [...flat.properties].map(([name, schema]): [string, JsonSchema] => [
    name,
    optional(kind === 'parts' ? withFiles(schema, planning) : schema, body),
  ])
  return {
    media,
    isWhole: false,
    members: new Map(members),
    required: body.required ? flat.required : NONE,
    needed: body.required ? NONE : flat.required,
    isSentEmpty: body.required,
  }
}

/** A range of media types that JSON is among is JSON, where what is sent can be no text and no file. */
function settled(chosen: ChosenMedia, node: JsonSchema, planning: Planning): ChosenMedia {
  if (!/^(?:application|\*)\/\*$/.test(chosen.media.type) || mayBeText(node, planning)) return chosen
  return { media: { ...chosen.media, type: 'application/json' }, kind: 'json' }
}

const DEEPEST = 5

function mayBeText(schema: unknown, planning: Planning, depth = 0): boolean {
  if (!isSchemaObject(schema) || depth > DEEPEST) return true
  const { type, properties, anyOf, allOf } = targetOf(schema, planning)
  if (type !== undefined) return [type].flat().includes('string')
  const inner = (each: unknown): boolean => mayBeText(each, planning, depth + 1)
  if (Array.isArray(anyOf)) return anyOf.some(inner)
  return Array.isArray(allOf) ? allOf.every(inner) : properties === undefined
}

/** A default that is filled in would send a body that may be left out. */
function optional(schema: JsonSchema, { required }: RequestBody): JsonSchema {
  if (required || schema.default === undefined) return schema
  const { default: example, ...rest } = schema
  return { ...rest, examples: [example] }
}

function nodeOf({ schema }: MediaType, { library, notes }: Planning): JsonSchema {
  if (!isSchemaObject(schema)) return {}
  const { node, notes: words } = writtenOut(library, library.take(schema))
  for (const each of words) notes.add(each)
  return node
}

interface Whole {
  readonly media: MediaType
  readonly node: JsonSchema
  readonly planning: Planning
}

function whole(body: RequestBody, { media, node }: Whole): PlannedBody {
  const own = typeof node.description === 'string' ? node.description : ''
  const words = shorten(body.description ?? '', LONGEST_DESCRIPTION) || own
  // What its members mean depends on it: those of a merge patch replace, steps of a JSON patch are done.
  const form = media.type.endsWith('+json') ? ` (${media.type})` : ''
  const described = { ...node, description: words === '' ? `The body, as ${media.type}` : `${words}${form}` }
  return {
    media,
    isWhole: true,
    members: new Map([[WHOLE, described]]),
    required: body.required ? new Set([WHOLE]) : NONE,
    needed: NONE,
    isSentEmpty: false,
  }
}

/** How a body that is one argument is given. */
function wholeNode(node: JsonSchema, { media, kind }: ChosenMedia, planning: Planning): JsonSchema {
  if (kind === 'json') return node
  if (kind === 'bytes' || isFileSchema(node)) return fileOf(node)
  if (kind === 'lines') return node.type === 'string' || node.type === 'array' ? node : { type: 'array', items: node }
  if (kind === 'text' || kind === 'xml') return node.type === 'string' ? node : textOf(node)
  if (kind === 'parts' && node.type === 'array') return withFiles(node, planning)
  if (kind === 'form' || kind === 'parts') return isObject(node) ? node : { type: 'object' }
  return media.schema === undefined ? { type: ['string', 'object', 'array'] } : node
}

/** Described members are of no use where all of it is written as one text. */
function textOf({ description }: JsonSchema): JsonSchema {
  return { type: 'string', ...(description !== undefined && { description }) }
}

function isObject({ type, anyOf, allOf, $ref }: JsonSchema): boolean {
  return type === 'object' || (type === undefined && (anyOf ?? allOf ?? $ref) !== undefined)
}

function fileOf(node: JsonSchema): JsonSchema {
  const { description, deprecated, contentMediaType, contentEncoding } = node
  const isKnown = typeof contentMediaType === 'string' && contentMediaType !== 'application/octet-stream'
  return {
    ...(description !== undefined && { description }),
    ...(deprecated !== undefined && { deprecated }),
    ...limitedFile(node),
    ...(isKnown && { contentMediaType }),
    ...(contentEncoding === 'base64' && { contentEncoding }),
  }
}

/** The schema of a part, which may be a file or a list of files. */
function withFiles(schema: JsonSchema, planning: Planning): JsonSchema {
  const node = targetOf(schema, planning)
  if (isFileSchema(node)) return fileOf({ ...node, ...schema })
  const { items } = node
  if (node.type !== 'array' || !isSchemaObject(items)) return schema
  const item = targetOf(items, planning)
  return isFileSchema(item) ? { ...node, items: fileOf({ ...item, ...items }) } : schema
}

function targetOf(schema: JsonSchema, { library }: Planning): JsonSchema {
  const name = pointedBy(schema)
  return (name === undefined ? undefined : library.named(name)?.node) ?? schema
}
