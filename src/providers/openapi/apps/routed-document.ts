import { isRecord } from '../../../protocol/json-rpc.ts'
import { pathsOf } from './route-pattern.ts'

/** One entry of the list that a router keeps. */
export interface RouterEntry {
  readonly method: string
  /** With `:id`, `:id{[0-9]+}`, `:id?` and `*`. */
  readonly path: string
  readonly handler: unknown
}

/** What a router keeps a list of, as Hono and Elysia do; undefined where an app shows none. */
export function entriesOf(app: object): readonly RouterEntry[] | undefined {
  const routes: unknown = 'routes' in app ? app.routes : undefined
  return Array.isArray(routes) && routes.every(isEntry) ? routes : undefined
}

function isEntry(value: unknown): value is RouterEntry {
  return isRecord(value) && typeof value.method === 'string' && typeof value.path === 'string' && 'handler' in value
}

/** Methods that a handler is meant for; others belong to middleware, or to what browsers ask. */
const METHODS: ReadonlySet<string> = new Set(['GET', 'POST', 'PUT', 'PATCH', 'DELETE'])
const WITH_BODY: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH'])

/**
 * The least that can be said of an app: its handlers, with the parameters of their paths, a free query, and where there
 * may be one a free JSON body. Middleware, and what answers all methods, is left out.
 */
export function routedDocument(entries: readonly RouterEntry[]): object {
  const paths = new Map<string, Record<string, object>>()
  for (const { method, path, handler } of entries) {
    const verb = method.toUpperCase()
    if (!METHODS.has(verb) || isMiddleware(handler)) continue
    for (const pattern of pathsOf(path)) {
      const operations = paths.get(pattern.path) ?? {}
      paths.set(pattern.path, operations)
      // The first of two handlers answers.
      operations[verb.toLowerCase()] ??= {
        parameters: [...pattern.parameters, FREE_QUERY],
        ...(WITH_BODY.has(verb) && { requestBody: FREE_BODY }),
        responses: ANY_ANSWER,
      }
    }
  }
  return { openapi: '3.1.0', info: APP_INFO, paths: Object.fromEntries(paths) }
}

/** What is said of an app that does not say it itself. */
export const APP_INFO: { readonly title: string; readonly version: string } = { title: 'The app', version: '0.0.0' }

const FREE_QUERY = {
  name: 'query',
  in: 'query',
  description: 'Parameters of the query, by their names',
  schema: { type: 'object', additionalProperties: { type: ['string', 'number', 'boolean'] } },
}
const FREE_BODY = { content: { 'application/json': { schema: {} } } }
const ANY_ANSWER = { default: { description: 'What the app answers' } }

/** Middleware takes `next`. A router that wraps handlers of another app keeps them at a member of the wrapper. */
function isMiddleware(handler: unknown): boolean {
  let target = handler
  for (let depth = 0; depth < DEEPEST && typeof target === 'function'; depth++) {
    const inner: unknown = '__COMPOSED_HANDLER' in target ? target.__COMPOSED_HANDLER : undefined
    if (typeof inner !== 'function') return target.length > 1
    target = inner
  }
  return false
}

const DEEPEST = 32
