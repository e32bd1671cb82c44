import { isRecord } from '../../../protocol/json-rpc.ts'

/** Gives schemas of Swagger 2.0 the `nullable` of OpenAPI 3.0 where they have the `x-nullable` that stood for it. */
export function readNullable(document: object): void {
  const stack: object[] = [document]
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (isRecord(node) && node['x-nullable'] === true && typeof node.type === 'string') node.nullable = true
    for (const inner of Object.values(node)) if (typeof inner === 'object' && inner !== null) stack.push(inner)
  }
}
