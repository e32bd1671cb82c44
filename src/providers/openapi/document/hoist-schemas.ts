import { isRecord } from '../../../protocol/json-rpc.ts'
import { References } from './references.ts'

type Members = Readonly<Record<string, unknown>>
type Open = Record<string, unknown>

/** A pointer into a schema that stands where the conversion moves things. */
const MOVING = /^#\/(?:paths|parameters|responses)\/.*\/(?:schema|items|properties|additionalProperties|allOf)(?:\/|$)/

/**
 * Moves each schema that is referred to where it stands, in an operation and not among the definitions, to the
 * definitions: they keep their places. It changes the document.
 */
export function hoistSchemas(document: Members, definitions: Open): void {
  const references = new References(document)
  const moved = new Map<object, string>()
  const stack: object[] = [document]
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    for (const inner of Object.values(node)) if (typeof inner === 'object' && inner !== null) stack.push(inner)
    if (!isRecord(node) || typeof node.$ref !== 'string' || !MOVING.test(node.$ref)) continue
    const target = references.resolve(node.$ref)
    if (isRecord(target)) node.$ref = move(target, definitions, moved)
  }
}

function move(target: Open, definitions: Open, moved: Map<object, string>): string {
  const known = moved.get(target)
  if (known !== undefined) return known
  const name = freeName(definitions, `moved${moved.size + 1}`)
  const reference = `#/definitions/${name}`
  definitions[name] = { ...target }
  moved.set(target, reference)
  for (const key of Object.keys(target)) delete target[key]
  target.$ref = reference
  return reference
}

/** A name that nothing has yet. */
export function freeName(taken: Members, wanted: string): string {
  let name = wanted
  while (Object.hasOwn(taken, name)) name += '_'
  return name
}
