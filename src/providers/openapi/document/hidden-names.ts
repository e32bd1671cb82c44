import { isRecord } from '../../../protocol/json-rpc.ts'

type Open = Record<string, unknown>

/**
 * Renames what the conversion would take for a keyword although it is a name that the author chose, such as a property
 * named `example`. Returns whether there was any.
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
    for (const inner of Object.values(node)) if (isObject(inner)) stack.push(inner)
  }
}

interface Place {
  readonly node: object
  readonly isMap: boolean
}

const HIDDEN = 'example\u0000'

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
