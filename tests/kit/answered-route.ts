import type { CallToolResult, ReadResourceResult } from '../../src/protocol/methods.ts'
import { readApi } from '../../src/providers/openapi/document/read-api.ts'
import { compileReader, type Reader, type ReaderOptions } from '../../src/providers/openapi/responses/compile-reader.ts'
import type { NextPage } from '../../src/providers/openapi/responses/next-page.ts'
import type { Api } from '../../src/providers/openapi/routes/api.ts'
import type { Route } from '../../src/providers/openapi/routes/route.ts'
import { exchange, type Order } from '../../src/upstream/exchange.ts'
import { readSettings, type UpstreamOptions } from '../../src/upstream/settings.ts'

/** One operation of a document, whose answers are read. */
export interface AnsweredRoute {
  readonly reader: Reader
  /** The result of asking for `/things`. */
  result(): Promise<CallToolResult>
  contents(uri: string): Promise<ReadResourceResult>
}

/** What the operation is like, and who answers it. */
export interface RouteSetup {
  readonly method?: string
  readonly responses: object
  readonly parameters?: readonly object[]
  readonly schemas?: object
  readonly options?: ReaderOptions
  readonly upstream: Partial<UpstreamOptions>
}

/** Reads a document of one operation. */
export async function routeOf({
  method = 'get',
  responses,
  parameters = [],
  schemas = {},
}: Omit<RouteSetup, 'upstream'>) {
  const api: Api = await readApi({
    openapi: '3.1.0',
    info: { title: 'Things', version: '1' },
    paths: { '/things': { [method]: { operationId: 'things', parameters, responses } } },
    components: { schemas },
  })
  const [route] = api.routes
  if (route === undefined) throw new Error(`It was skipped: ${JSON.stringify(api.skipped)}`)
  return { api, route }
}

/** Sends what calls of the operation would send, and reads what comes. */
export async function answered(setup: RouteSetup): Promise<AnsweredRoute> {
  const { api, route } = await routeOf(setup)
  const reader = compileReader(route, api, setup.options ?? {})
  const settings = readSettings({
    baseUrl: 'https://api.example',
    name: 'Things',
    retry: false,
    maxResponseBytes: 10 * 1024 * 1024,
    ...setup.upstream,
  })
  const order: Order = orderOf(route, reader, settings)
  const orderFor = (next: NextPage): Order => {
    const url = new URL(order.url)
    if (next.by === 'parameter') url.searchParams.set(next.parameter, String(next.value))
    return { ...order, url: next.by === 'url' ? next.url : url }
  }
  const answers =
    reader.pages?.({
      url: order.url,
      base: settings.base,
      ask: (next, take) => exchange(settings, orderFor(next), take),
    }) ?? reader
  return {
    reader,
    result: () => exchange(settings, order, (response, errand) => answers.result(response, errand)),
    contents: (uri) => exchange(settings, order, (response, errand) => answers.contents(uri, response, errand)),
  }
}

function orderOf(route: Route, { accept }: Reader, settings: ReturnType<typeof readSettings>): Order {
  return {
    method: route.method,
    path: route.path,
    url: new URL('things', settings.base),
    headers: headersOf(settings, accept),
    body: undefined,
    limits: settings,
    idempotent: undefined,
    caller: undefined,
    signal: undefined,
  }
}

/** Answers of a made-up API, one after the other; the last one again and again. */
export function answering(...answers: readonly (() => Response)[]): {
  fetch: UpstreamOptions['fetch']
  asked: string[]
} {
  const asked: string[] = []
  return {
    asked,
    fetch: async (url) => {
      const answer = answers[Math.min(asked.length, answers.length - 1)]
      asked.push(url)
      if (answer === undefined) throw new Error('There is no answer')
      return answer()
    },
  }
}

/** What a document says of answers in JSON. */
export function jsonOf(schema: object): object {
  return { description: 'Things', content: { 'application/json': { schema } } }
}

function headersOf({ headers }: ReturnType<typeof readSettings>, accept: string): Headers {
  const all = new Headers(headers)
  all.set('accept', accept)
  return all
}
