import { isRecord } from '../../../protocol/json-rpc.ts'
import type { Fetch } from '../../../upstream/follow.ts'
import { unusable } from '../document/document-error.ts'
import { download } from '../document/load-document.ts'
import { parseDocument } from '../document/parse-document.ts'
import type { DocumentLimits } from '../options.ts'

/** Where apps serve their documents, the most usual first. */
export const USUAL_PLACES: readonly string[] = [
  '/openapi.json',
  '/openapi',
  '/openapi/json',
  '/doc',
  '/docs/openapi.json',
  '/swagger.json',
  '/swagger/json',
  '/api/openapi.json',
  '/api-docs',
  '/_openapi.json',
]

const TIMEOUT_MS = 10_000

/** How an app is asked for its document. */
export interface Asking {
  readonly origin: string
  readonly fetch: Fetch
  readonly limits: DocumentLimits | undefined
}

/** The document that an app serves at a path of it. Throws what is wrong with it. */
export async function documentAt(path: string, { origin, fetch, limits = {} }: Asking): Promise<object> {
  const { bytes = 16 * 1024 * 1024, timeout = TIMEOUT_MS } = limits
  const { text } = await download(new URL(path, origin), fetch, { bytes, timeout })
  const document = await parseDocument(text)
  if (isRecord(document) && (typeof document.openapi === 'string' || typeof document.swagger === 'string')) {
    return document
  }
  throw unusable(`is not what the app serves at ${path.slice(0, 200)}`)
}

/** The document that an app serves at the first of `places` that has one; undefined where none has, or time is over. */
export async function findDocument(places: readonly string[], asking: Asking): Promise<object | undefined> {
  const until = performance.now() + (asking.limits?.timeout ?? TIMEOUT_MS)
  for (const place of places) {
    if (performance.now() > until) return undefined
    // Whatever goes wrong there, there is no document.
    const document = await documentAt(place, asking).catch(() => undefined)
    if (document !== undefined) return document
  }
  return undefined
}
