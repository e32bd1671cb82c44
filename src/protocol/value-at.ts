import { isRecord } from './json-rpc.ts'

/** What stands in `value` at the end of these keys; undefined where there is nothing, or only something inherited. */
export function valueAt(value: unknown, path: readonly string[]): unknown {
  let current = value
  for (const key of path) {
    if (!isRecord(current) || !Object.hasOwn(current, key)) return undefined
    current = current[key]
  }
  return current
}
