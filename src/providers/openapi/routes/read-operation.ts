import { followed } from './follow-reference.ts'
import { readContent } from './read-content.ts'
import { flagIn, given, isSmall, listIn, type Members, memberIn, membersIn, textIn } from './read-members.ts'
import { readParameters } from './read-parameters.ts'
import { readSecurity } from './read-security.ts'
import { readServers } from './read-servers.ts'
import type { Reading } from './reading.ts'
import type { RequestBody, Route, RouteMethod, RouteResponse } from './route.ts'

/** Where an operation stands. */
export interface OperationPlace {
  readonly method: RouteMethod
  readonly path: string
  readonly pathItem: Members
  readonly document: Members
}

const MOST = { tags: 100 }

/** One operation. Throws `RouteProblem` for what cannot be offered. */
export function readOperation(operation: Members, place: OperationPlace, reading: Reading): Route {
  const { method, path, pathItem, document } = place
  const lists = { ofPath: listIn(pathItem, 'parameters'), own: listIn(operation, 'parameters') }
  return {
    method,
    path,
    ...given('operationId', textIn(operation, 'operationId')),
    ...given('summary', textIn(operation, 'summary') ?? textIn(pathItem, 'summary')),
    ...given('description', textIn(operation, 'description') ?? textIn(pathItem, 'description')),
    tags: listIn(operation, 'tags')
      .slice(0, MOST.tags)
      .filter((tag) => typeof tag === 'string'),
    deprecated: flagIn(operation, 'deprecated'),
    parameters: readParameters(lists, path, reading),
    ...given('body', readBody(memberIn(operation, 'requestBody'), reading)),
    responses: readResponses(membersIn(operation, 'responses'), reading),
    servers: readServers([operation, pathItem, document], reading),
    security: readSecurity(operation, document, reading),
    extensions: extensionsOf(operation),
    ...given('notes', reading.notes.length > 0 ? reading.notes : undefined),
  }
}

function readBody(value: unknown, reading: Reading): RequestBody | undefined {
  const members = followed(value, reading.targets)
  if (members === undefined) return undefined
  const content = readContent(memberIn(members, 'content'), reading)
  if (content.length === 0) return undefined
  return { required: flagIn(members, 'required'), ...given('description', textIn(members, 'description')), content }
}

const STATUS = /^(?:[1-5]\d\d|[1-5]XX|default)$/

function readResponses(responses: Members, reading: Reading): readonly RouteResponse[] {
  return reading.memory.responses.read(responses, reading, (inner) =>
    Object.entries(responses).flatMap(([key, value]) => {
      const status = key === 'default' ? key : key.toUpperCase()
      const members = STATUS.test(status) ? inner.lenient(() => followed(value, inner.targets)) : undefined
      if (members === undefined) return []
      const content = readContent(memberIn(members, 'content'), inner)
      return { status, ...given('description', textIn(members, 'description')), content }
    }),
  )
}

function extensionsOf(operation: Members): Readonly<Record<string, unknown>> {
  if (!isSmall(operation)) return {}
  return Object.fromEntries(Object.entries(operation).filter(([name]) => name.startsWith('x-')))
}
