import type { Api } from '../../src/providers/openapi/routes/api.ts'
import type { Route } from '../../src/providers/openapi/routes/route.ts'

/** An operation with nothing to it; `part` says what is different. */
export function routeOf(part: Partial<Route> = {}): Route {
  return {
    method: 'GET',
    path: '/x',
    tags: [],
    deprecated: false,
    parameters: [],
    responses: [],
    servers: [{ url: '/', variables: new Map() }],
    security: [],
    extensions: {},
    ...part,
  }
}

/** An API with nothing in it; `part` says what is different. */
export function apiOf(part: Partial<Api> = {}): Api {
  const nowhere = (): undefined => undefined
  return { title: 'API', version: '1', routes: [], skipped: [], schemes: new Map(), resolve: nowhere, ...part }
}
