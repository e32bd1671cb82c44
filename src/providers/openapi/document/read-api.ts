import { checkNumber, LONGEST_TIMER } from '../../../resilience/setting.ts'
import type { Awaitable } from '../../../schema/awaitable.ts'
import type { Fetch } from '../../../upstream/follow.ts'
import type { DocumentLimits } from '../options.ts'
import type { Api } from '../routes/api.ts'
import { given, membersIn, textIn, wordIn } from '../routes/read-members.ts'
import { readRoutes } from '../routes/read-routes.ts'
import { readSchemes } from '../routes/read-schemes.ts'
import { copyDocument } from './copy-document.ts'
import { unusable } from './document-error.ts'
import { type Bundled, refersOut, withExternal } from './external-references.ts'
import { download, type Loaded, type LoadLimits } from './load-document.ts'
import { parseDocument } from './parse-document.ts'
import { readDocumentFile } from './read-file.ts'
import { References } from './references.ts'
import { upgraded } from './upgrade.ts'

/** A document as an object, or where it is: an http address, or the path of a file. Never its text. */
export type OpenApiSource = object | string | URL

/** How a document is read. */
export interface ReadOptions {
  readonly limits?: DocumentLimits
  /** External references that may be read, each by its whole address; left out, none. */
  readonly externalReferences?: (address: URL) => boolean
  /** Downloads the document; default: the runtime's `fetch`. */
  readonly fetch?: Fetch
}

/** Reads a document: Swagger 2.0 or OpenAPI 3, JSON or YAML. An object is not changed. */
export function readApi(source: OpenApiSource, options: ReadOptions = {}): Awaitable<Api> {
  const limits = readLimits(options.limits)
  const settings: Settings = { limits, fetch: options.fetch ?? ASK_BY_RUNTIME, isAllowed: options.externalReferences }
  if (typeof source === 'string' || source instanceof URL) return readSource(source, settings)
  return readDocument(source, undefined, settings)
}

const ASK_BY_RUNTIME: Fetch = (url, init) => fetch(url, init)

interface Settings {
  readonly limits: Limits
  readonly fetch: Fetch
  readonly isAllowed: ((address: URL) => boolean) | undefined
}

interface Limits extends LoadLimits {
  readonly operations: number
}

function readLimits({ bytes = 16 * 1024 * 1024, operations = 2_000, timeout = 10_000 }: DocumentLimits = {}): Limits {
  return {
    bytes: checkNumber('limits.bytes', bytes, { least: 1 }),
    operations: checkNumber('limits.operations', operations, { least: 1 }),
    timeout: checkNumber('limits.timeout', timeout, { least: 1, most: LONGEST_TIMER }),
  }
}

async function readSource(source: string | URL, settings: Settings): Promise<Api> {
  const { text, address } = await load(source, settings)
  return readDocument(await parseDocument(text), address, settings)
}

async function load(source: string | URL, { fetch, limits }: Settings): Promise<Loaded> {
  const address = addressOf(source)
  if (address === undefined) return readDocumentFile(String(source), limits)
  return address.protocol === 'file:' ? readDocumentFile(address, limits) : download(address, fetch, limits)
}

function addressOf(source: string | URL): URL | undefined {
  if (typeof source === 'string' && /^\s*[{<]|\n/.test(source)) {
    throw unusable('was given as text; parse it and give the object, or give its address or the path of its file')
  }
  if (typeof source === 'string' && !/^(?:https?|file):\/\//i.test(source)) return undefined
  const address = URL.canParse(source) ? new URL(source) : undefined
  if (address !== undefined && /^(?:https?|file):$/.test(address.protocol)) return address
  throw unusable('is at an address that cannot be read; give an http or https address, or the path of a file')
}

function readDocument(document: unknown, address: URL | undefined, settings: Settings): Awaitable<Api> {
  const { limits, fetch, isAllowed } = settings
  const root = copyDocument(document, limits.bytes)
  if (isAllowed === undefined || !refersOut(root)) return apiOf({ root, problems: new Map() }, address, limits)
  return withExternal(root, address, { isAllowed, fetch, limits }).then((bundled) => apiOf(bundled, address, limits))
}

function apiOf({ root, problems }: Bundled, address: URL | undefined, limits: Limits): Api {
  const document = upgraded(root)
  const references = new References(document, address, problems)
  const info = membersIn(document, 'info')
  const { routes, skipped } = readRoutes(document, references, limits.operations)
  return {
    title: wordIn(info, 'title') ?? 'API',
    version: wordIn(info, 'version') ?? '0',
    ...given('description', textIn(info, 'description')),
    routes,
    skipped,
    schemes: readSchemes(document, references),
    ...given('address', address),
    resolve: (reference) => references.resolve(reference),
  }
}
