import { isRecord } from '../../../protocol/json-rpc.ts'
import type { SkippedRoute } from './api.ts'
import type { ReferenceTargets } from './follow-reference.ts'
import { type FoundOperation, operationsIn } from './operations-in.ts'
import { given, type Members, textIn } from './read-members.ts'
import { readOperation } from './read-operation.ts'
import { Memory, Reading } from './reading.ts'
import type { Route, RouteMethod } from './route.ts'
import { RouteProblem } from './route-problem.ts'

/** The operations of a document, and those that cannot be offered. */
export interface RoutesRead {
  readonly routes: readonly Route[]
  readonly skipped: readonly SkippedRoute[]
}

/** More are not even counted: references can make billions of them. */
const MOST_SKIPPED = 50_000
const LONGEST = { path: 2_000, id: 1_000, method: 40 }

/** All operations of a document in its order, up to `most`. */
export function readRoutes(document: Members, targets: ReferenceTargets, most: number): RoutesRead {
  const [routes, skipped]: [Route[], SkippedRoute[]] = [[], []]
  const memory = new Memory()
  for (const found of operationsIn(document, targets)) {
    if (skipped.length >= MOST_SKIPPED) return { routes, skipped: [...skipped, REST] }
    const read =
      routes.length < most
        ? routeOf(found, document, new Reading(targets, memory))
        : `the document has more than ${most} operations; raise \`limits.operations\``
    if (typeof read === 'string') skipped.push(skippedOf(found, read))
    else routes.push(read)
  }
  return { routes, skipped }
}

const REST: SkippedRoute = {
  method: '*',
  path: '*',
  reason: `there are more than ${MOST_SKIPPED} others that are skipped`,
}

const METHODS: readonly RouteMethod[] = ['GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'PATCH', 'DELETE', 'TRACE', 'QUERY']

function routeOf(found: FoundOperation, document: Members, reading: Reading): Route | string {
  const { path, pathItem, operation, problem } = found
  if (problem !== undefined) return problem
  const method = METHODS.find((known) => known === found.method)
  if (method === undefined) return 'its method is none that can be called here'
  if (!isRecord(operation)) return 'it is no object'
  if (!path.startsWith('/')) return 'its path does not begin with "/"'
  if (path.length > LONGEST.path) return `its path is longer than ${LONGEST.path} characters`
  try {
    return readOperation(operation, { method, path, pathItem, document }, reading)
  } catch (cause) {
    if (cause instanceof RouteProblem) return cause.message
    throw cause
  }
}

function skippedOf({ method, path, operation }: FoundOperation, reason: string): SkippedRoute {
  const id = isRecord(operation) ? textIn(operation, 'operationId') : undefined
  return {
    method: method.slice(0, LONGEST.method),
    path: path.slice(0, LONGEST.path),
    ...given('operationId', id?.slice(0, LONGEST.id)),
    reason,
  }
}
