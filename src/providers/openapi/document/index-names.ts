import { isRecord } from '../../../protocol/json-rpc.ts'

/** The places of a document by what they call themselves: `#name` for `$anchor`, and each `$id` as it stands there. */
export function indexNames(root: object): ReadonlyMap<string, unknown> {
  const names = new Map<string, unknown>()
  const stack: object[] = [root]
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (isRecord(node)) for (const name of ownNames(node)) names.set(name, node)
    for (const inner of Object.values(node)) if (typeof inner === 'object' && inner !== null) stack.push(inner)
  }
  return names
}

function ownNames({ $anchor, $dynamicAnchor, $id }: Readonly<Record<string, unknown>>): readonly string[] {
  const anchors = [$anchor, $dynamicAnchor].flatMap((name) => (typeof name === 'string' ? `#${name}` : []))
  return typeof $id === 'string' ? [...anchors, $id] : anchors
}
