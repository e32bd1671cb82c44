import type { Awaitable } from '../../../engine/call.ts'
import { FastMCPError } from '../../../protocol/errors.ts'
import { isRecord } from '../../../protocol/json-rpc.ts'
import type { Fetch } from '../../../upstream/follow.ts'
import { unusable } from '../document/document-error.ts'
import type { DocumentLimits } from '../options.ts'
import type { App } from './app.ts'
import { type Asking, documentAt, findDocument, USUAL_PLACES } from './ask-document.ts'
import { fetchOf } from './fetch-of.ts'
import { APP_INFO, entriesOf, routedDocument } from './routed-document.ts'

/** How an app is read. */
export interface AppOptions {
  /** The document of the app, or the path where it serves it, such as `/openapi.json`; left out, it is looked for. */
  readonly document?: object | string | undefined
  /** How the app sees itself addressed; default `http://localhost`. The paths of the document stand below it. */
  readonly baseUrl?: string | URL | undefined
  readonly limits?: DocumentLimits | undefined
}

/** An app as a source of an API. */
export interface AppSource {
  readonly document: object
  /** Hands requests to the app, in this process. */
  readonly fetch: Fetch
  readonly baseUrl: string
}

/**
 * The document of an app, and the way to call it without a socket. The document is the one that is given, or what the app
 * makes of its routes (`@hono/zod-openapi`), or what it serves at one of the usual places, or else the least that its list
 * of routes tells. No promise where the app need not be asked.
 */
export function readApp(app: App, options: AppOptions = {}): Awaitable<AppSource> {
  const fetch = fetchOf(app)
  const base = baseOf(options.baseUrl ?? 'http://localhost')
  const source = (document: object): AppSource => ({ document, fetch, baseUrl: base.href })
  const { document, limits } = options
  const asking: Asking = { origin: base.origin, fetch, limits }
  if (typeof document === 'string') return documentAt(pathIn(base, document), asking).then(source)
  if (document !== undefined) return source(document)

  const made = madeBy(app)
  if (made !== undefined) return source(made)
  const entries = entriesOf(app)
  const places = entries === undefined ? USUAL_PLACES : USUAL_PLACES.filter((place) => serves(entries, place))
  const routed = (): object => {
    if (entries === undefined) throw unusable(`is at none of ${USUAL_PLACES.join(', ')}; give it as \`document\``)
    return routedDocument(entries)
  }
  if (places.length === 0) return source(routed())
  return findDocument(places, asking).then((found) => source(found ?? routed()))
}

function baseOf(given: string | URL): URL {
  const base = URL.canParse(String(given)) ? new URL(given) : undefined
  if (base !== undefined && /^https?:$/.test(base.protocol)) return base
  throw new FastMCPError('SETTING', 'baseUrl is no http or https address')
}

function pathIn(base: URL, document: string): string {
  const address = URL.canParse(document, base) ? new URL(document, base) : undefined
  if (address?.origin === base.origin && address.search === '') return address.pathname
  throw new FastMCPError('SETTING', 'document is no path of the app; write one such as "/openapi.json"')
}

type Make = (config: object) => unknown

/** What an app of `@hono/zod-openapi` says of itself; undefined for other apps, and for one that says nothing. */
function madeBy(app: object): object | undefined {
  const make = methodOf(app, 'getOpenAPI31Document') ?? methodOf(app, 'getOpenAPIDocument')
  if (make === undefined) return undefined
  const openapi = 'getOpenAPI31Document' in app ? '3.1.0' : '3.0.3'
  try {
    const document = make.call(app, { openapi, info: APP_INFO })
    return isRecord(document) && isRecord(document.paths) && Object.keys(document.paths).length > 0
      ? document
      : undefined
  } catch (cause) {
    const words = cause instanceof Error ? cause.message : String(cause)
    throw unusable(`could not be made by the app: ${words.slice(0, 300)}`, { cause })
  }
}

function methodOf(app: object, name: string): Make | undefined {
  const method: unknown = name in app ? app[name as keyof typeof app] : undefined
  // What it gives is looked at.
  return typeof method === 'function' ? (method as Make) : undefined
}

function serves(entries: ReturnType<typeof entriesOf> & object, place: string): boolean {
  return entries.some(({ method, path }) => path === place && method.toUpperCase() === 'GET')
}
