import { isRecord } from '../../../protocol/json-rpc.ts'
import { childAt, stepsOf } from './pointer.ts'

type Open = Record<string, unknown>

/**
 * Renames what the conversion would take for a keyword although it is a name that the author chose, such as a property
 * named `example`, and bodies of bytes, of which it would leave nothing. Returns whether there was any.
 */
export function hideNames(document: object): boolean {
  let wasHidden = false
  const stack: Place[] = [{ node: document, isMap: false }]
  for (let place = stack.pop(); place !== undefined; place = stack.pop()) {
    const { node, isMap } = place
    if (Array.isArray(node)) {
      for (const item of node) if (isObject(item)) stack.push({ node: item, isMap: false })
      continue
    }
    if (isMap && isRecord(node) && rename(node, 'example', HIDDEN)) wasHidden = true
    for (const [key, inner] of Object.entries(node)) {
      if (key === 'content' && !isMap && isRecord(inner) && hideBytes(inner, document)) wasHidden = true
      if (isObject(inner)) stack.push({ node: inner, isMap: !isMap && MAPS.has(key) })
    }
  }
  return wasHidden
}

/** Gives hidden names back. */
export function showNames(document: object): void {
  const stack: object[] = [document]
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (isRecord(node)) rename(node, HIDDEN, 'example')
    if (isRecord(node)) rename(node, HIDDEN_BYTES, BYTES)
    for (const inner of Object.values(node)) if (isObject(inner)) stack.push(inner)
  }
}

interface Place {
  readonly node: object
  readonly isMap: boolean
}

const HIDDEN = 'example\u0000'
const BYTES = 'application/octet-stream'
const HIDDEN_BYTES = `${BYTES}\u0000`

/** Of the schema of bytes stays what is told of them; whatever type it says they have, they are bytes. */
function hideBytes(content: Open, document: object): boolean {
  if (!rename(content, BYTES, HIDDEN_BYTES)) return false
  const media = content[HIDDEN_BYTES]
  if (!isRecord(media) || !isRecord(media.schema)) return true
  const { type = 'string', description, minLength, maxLength, deprecated } = targetOf(media.schema, document)
  const told = type === 'string' ? { description, minLength, maxLength, deprecated } : {}
  content[HIDDEN_BYTES] = {
    ...media,
    schema: Object.fromEntries(Object.entries(told).filter(([, value]) => value !== undefined)),
  }
  return true
}

function targetOf(schema: Open, document: object): Open {
  const { $ref: reference } = schema
  if (typeof reference !== 'string') return schema
  const target = reference.startsWith('#/')
    ? stepsOf(reference.slice(1)).reduce(childAt, document as unknown)
    : undefined
  return isRecord(target) ? target : {}
}

/** Members whose own members have names that authors choose. */
const MAPS: ReadonlySet<string> = new Set([
  ...['properties', 'patternProperties', 'definitions', '$defs', 'dependentSchemas', 'schemas', 'headers', 'encoding'],
  ...['parameters', 'requestBodies', 'responses', 'securitySchemes', 'variables', 'callbacks', 'links', 'pathItems'],
])

/** In place, and keeping the order. */
function rename(node: Open, from: string, to: string): boolean {
  if (!Object.hasOwn(node, from)) return false
  const members = Object.entries(node)
  for (const [key] of members) delete node[key]
  for (const [key, value] of members) node[key === from ? to : key] = value
  return true
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}
