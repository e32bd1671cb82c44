import { isRecord } from '../../../protocol/json-rpc.ts'
import { followed, type ReferenceTargets } from './follow-reference.ts'
import { isSmall, type Members, membersIn } from './read-members.ts'
import { RouteProblem } from './route-problem.ts'

/** An operation as it stands in a document, or why it cannot be found there. */
export interface FoundOperation {
  /** As in the document, or `*`: all of a path. */
  readonly method: string
  readonly path: string
  readonly pathItem: Members
  readonly operation: unknown
  readonly problem?: string
}

/** Members of a path that are operations. */
const FIXED: ReadonlySet<string> = new Set([
  'get',
  'put',
  'post',
  'delete',
  'options',
  'head',
  'patch',
  'trace',
  'query',
])

/** The operations of a document, in its order. */
export function* operationsIn(document: Members, targets: ReferenceTargets): Generator<FoundOperation> {
  for (const [path, value] of Object.entries(membersIn(document, 'paths'))) {
    if (path.startsWith('x-')) continue
    const item = pathItemOf(value, targets)
    if (typeof item === 'string') yield { method: '*', path, pathItem: {}, operation: undefined, problem: item }
    else yield* operationsOf(path, item)
  }
}

function* operationsOf(path: string, pathItem: Members): Generator<FoundOperation> {
  // What is large is not gone through again and again, wherever it is referred to.
  const keys = isSmall(pathItem) ? Object.keys(pathItem) : [...FIXED].filter((key) => Object.hasOwn(pathItem, key))
  for (const key of keys) {
    if (FIXED.has(key)) yield { method: key.toUpperCase(), path, pathItem, operation: pathItem[key] }
  }
  const additional = membersIn(pathItem, 'additionalOperations')
  for (const method in additional) {
    const found = { method, path, pathItem, operation: additional[method] }
    const isFixed = FIXED.has(method.toLowerCase()) && Object.hasOwn(pathItem, method.toLowerCase())
    yield isFixed ? { ...found, problem: 'it is described twice' } : found
  }
}

/** Where a path refers to another, it may have members of its own beside that. */
function pathItemOf(value: unknown, targets: ReferenceTargets): Members | string {
  try {
    const item = followed(value, targets)
    if (item === undefined || !isRecord(value)) return 'it is no object'
    return typeof value.$ref === 'string' && isSmall(item) && isSmall(value) ? { ...item, ...value } : item
  } catch (problem) {
    if (problem instanceof RouteProblem) return problem.message
    throw problem
  }
}
