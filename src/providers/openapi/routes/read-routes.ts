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
  let left = Math.max(LEAST_PARTS, most * MOST_PARTS)
  for (const found of operationsIn(document, targets)) {
    if (skipped.length >= MOST_SKIPPED) return { routes, skipped: [...skipped, REST] }
    const tooMuch = tooMuchOf(routes.length, most, left)
    const read = tooMuch ?? routeOf(found, document, new Reading(targets, memory))
    if (typeof read === 'string') skipped.push(skippedOf(found, read))
    else {
      routes.push(read)
      left -= partsOf(read)
    }
  }
  return { routes, skipped }
}

/**
 * Parts that operations may have on the average, and all of them at least. What a document writes once, any number of its
 * operations may refer to, and each has it; those of real documents have less than 15.
 */
const MOST_PARTS = 40
const LEAST_PARTS = 10_000

/** How many parts an operation has that are looked at one by one. */
function partsOf({ parameters, body, responses, servers, security }: Route): number {
  const forms = [body, ...responses].flatMap((one) => one?.content ?? [])
  const encodings = forms.reduce((sum, { encoding }) => sum + encoding.size, forms.length)
  const proofs = security.reduce((sum, need) => sum + need.size, security.length)
  return parameters.length + responses.length + servers.length + encodings + proofs
}

function tooMuchOf(count: number, most: number, left: number): string | undefined {
  if (count >= most) return `the document has more than ${most} operations; raise \`limits.operations\``
  return left < 0 ? 'the operations before it have too many parts; raise `limits.operations`' : undefined
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
