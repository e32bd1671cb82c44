import { isRecord } from '../../../protocol/json-rpc.ts'

/** The steps of a JSON pointer (RFC 6901) as it stands in the fragment of a reference, without `#`. */
export function stepsOf(pointer: string): readonly string[] {
  return pointer.split('/').slice(1)
}

/** What stands at one step of a pointer; undefined: nothing. */
export function childAt(node: unknown, step: string): unknown {
  const name = unescaped(decoded(step))
  const found = memberAt(node, name)
  // Some documents have names with percent signs, and do not encode them.
  return found === undefined && step.includes('%') ? memberAt(node, unescaped(step)) : found
}

/** A name as a step of a pointer. */
export function stepOf(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1')
}

function memberAt(node: unknown, name: string): unknown {
  if (Array.isArray(node)) return /^(?:0|[1-9]\d{0,8})$/.test(name) ? node[Number(name)] : undefined
  return isRecord(node) && Object.hasOwn(node, name) ? node[name] : undefined
}

function unescaped(step: string): string {
  return step.includes('~') ? step.replaceAll('~1', '/').replaceAll('~0', '~') : step
}

function decoded(step: string): string {
  if (!step.includes('%')) return step
  try {
    return decodeURIComponent(step)
  } catch {
    return step
  }
}
