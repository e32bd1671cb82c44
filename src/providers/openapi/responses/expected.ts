import { isRecord } from '../../../protocol/json-rpc.ts'
import type { MediaType, RawSchema, Route, RouteResponse } from '../routes/route.ts'
import { mediaKindOf } from './media-kind.ts'

/** What the document says of the answers that are a success. */
export interface Expected {
  /** Those of JSON, each once, the likeliest first. */
  readonly schemas: readonly RawSchema[]
  readonly isJson: boolean
  /** Whether a success may come without a body. */
  readonly mayBeEmpty: boolean
  /** In all forms that are named, in their order. */
  readonly content: readonly MediaType[]
  /** The media types of these, which may hold `*`. */
  readonly types: ReadonlySet<string>
  readonly responses: readonly RouteResponse[]
}

const LIKELIEST: readonly string[] = ['200', '201', '202', '203', '206', '2XX', 'DEFAULT']

/** Reads what a route answers with when all goes well; `default` counts only where nothing else is said of that. */
export function expectedOf({ responses, method }: Pick<Route, 'responses' | 'method'>): Expected {
  const named = responses.filter(({ status }) => /^2(?:\d\d|XX)$/i.test(status))
  const counting = named.length > 0 ? named : responses.filter(({ status }) => status.toLowerCase() === 'default')
  const sorted = counting.toSorted((a, b) => rankOf(a) - rankOf(b))
  const chosen = method === 'HEAD' ? [] : sorted.flatMap(({ content }) => jsonOf(content) ?? [])
  const content = counting.flatMap((response) => response.content)
  return {
    schemas: [...new Map(chosen.map(({ schema }) => schemaEntry(schema))).values()],
    isJson: chosen.length > 0,
    mayBeEmpty: counting.some(({ content }) => content.length === 0),
    content,
    types: new Set(content.map(({ type }) => type)),
    responses: sorted,
  }
}

function rankOf({ status }: RouteResponse): number {
  const rank = LIKELIEST.indexOf(status.toUpperCase())
  return rank < 0 ? LIKELIEST.length : rank
}

/** The form of JSON that is asked for. Many generators write `*\/*` for it. */
function jsonOf(content: readonly MediaType[]): MediaType | undefined {
  return (
    content.find(({ type }) => type === 'application/json') ??
    content.find(({ type }) => mediaKindOf(type) === 'json') ??
    content.find(({ type, schema }) => (type === '*/*' || type === 'application/*') && isData(schema))
  )
}

function isData(schema: RawSchema | undefined): boolean {
  return isRecord(schema) && schema.type !== 'string' && Object.keys(schema).length > 0
}

/** The same reference twice is one schema; where none is given, anything may come. */
function schemaEntry(schema: RawSchema = true): readonly [unknown, RawSchema] {
  const isReference = isRecord(schema) && typeof schema.$ref === 'string' && Object.keys(schema).length === 1
  return [isReference ? schema.$ref : schema, schema]
}
