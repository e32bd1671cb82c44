import { FastMCPError } from '../../../protocol/errors.ts'
import { grammarObjection, objectionTo } from '../../../upstream/egress/destination.ts'
import { guardedFetch } from '../../../upstream/egress/guarded-fetch.ts'
import type { Fetch } from '../../../upstream/follow.ts'
import type { Settings } from '../../../upstream/settings.ts'
import { readBaseUrl } from '../../../upstream/target.ts'
import type { OpenApiOptions } from '../options.ts'
import type { Api } from '../routes/api.ts'
import type { Route, RouteServer } from '../routes/route.ts'
import { RouteProblem } from '../routes/route-problem.ts'

/** What says where an API is. */
export type ServerOptions = Pick<
  OpenApiOptions,
  'baseUrl' | 'serverVariables' | 'fetch' | 'headers' | 'forwardHeaders' | 'auth'
>

/** Where an operation is, and how it is reached. */
export interface Server {
  /** Its path ends in `/`; no user, no query. */
  readonly base: URL
  readonly fetch: Fetch
  /** Whether the author of the server has named this origin, and not the document alone. */
  readonly isNamed: boolean
}

const ASK_BY_RUNTIME: Fetch = (url, init) => fetch(url, init)

/** One for all documents: it knows no secrets, and its connections are to checked addresses. */
const ASK_GUARDED: Fetch = guardedFetch()

/**
 * Where the requests of an operation go: to `baseUrl` if there is one, and else to the first server that the document
 * names for it. An origin that only the document names must be public, and is asked through the guard. Throws
 * `RouteProblem` where there is none that can be asked.
 */
export function serverOf(route: Route, api: Api, options: ServerOptions): Server {
  const { baseUrl, fetch: given = ASK_BY_RUNTIME, headers, forwardHeaders = [] } = options
  if (baseUrl !== undefined) return { base: readBaseUrl(baseUrl), fetch: given, isNamed: true }
  const first = addressOf(route.servers[0], api, options)
  if (typeof first === 'string') throw problem(first)
  if (isOwn(api.address, first)) return { base: first, fetch: given, isNamed: true }
  const base = encryptedTwin(first, { route, api, options })
  const objection = objectionTo(base)
  if (objection !== undefined) throw problem(`${shown(base)}, as the document names it, ${objection}`)
  if (Object.keys(headers ?? {}).length > 0 || forwardHeaders.length > 0) checkEncrypted(base)
  return { base, fetch: options.fetch ?? ASK_GUARDED, isNamed: false }
}

/** Throws `SETTING` for a variable that no address of the document has: its default would be asked without a word. */
export function checkServerVariables({ routes }: Api, { baseUrl, serverVariables = {} }: ServerOptions): void {
  const wanted = Object.keys(serverVariables)
  if (baseUrl !== undefined || wanted.length === 0) return
  const known = new Set(routes.flatMap(({ servers }) => servers.flatMap(({ variables }) => [...variables.keys()])))
  const stray = wanted.find((name) => !known.has(name))
  if (stray === undefined) return
  const words = known.size > 0 ? `it has ${listed([...known])}` : 'it has none'
  throw new FastMCPError('SETTING', `serverVariables: no address of the document has "${short(stray)}"; ${words}`)
}

/**
 * How an operation is redirected out of its origin: only where the document says that it redirects, as downloads do to where
 * files are kept, and then through the guard, with nothing that proves anybody. A `fetch` of the author's is the only way out there is.
 */
export function redirectsOf(
  { responses }: Pick<Route, 'responses'>,
  { fetch }: Pick<ServerOptions, 'fetch'>,
): Pick<Settings, 'redirects' | 'abroad'> {
  if (fetch !== undefined) return { redirects: 'same-origin' }
  const isTold = responses.some(({ status }) => /^(?:30[12378]|3XX)$/i.test(status))
  return isTold ? { redirects: 'any', abroad: ASK_GUARDED } : { redirects: 'same-origin' }
}

/** What may be secret goes unencrypted only to where the author has sent it. Throws `RouteProblem`. */
export function checkEncrypted(base: URL): void {
  if (base.protocol === 'https:') return
  throw problem(`The document has ${shown(base)} for the API, where headers and credentials would travel unencrypted`)
}

/** The document may come from inside a network, and its API be there too: but not elsewhere in there. */
function isOwn(address: URL | undefined, base: URL): boolean {
  return address !== undefined && /^https?:$/.test(address.protocol) && address.origin === base.origin
}

interface Place {
  readonly route: Route
  readonly api: Api
  readonly options: ServerOptions
}

/** The same address by https, if the document has that too; older documents name both, in any order. */
function encryptedTwin(base: URL, { route, api, options }: Place): URL {
  if (base.protocol === 'https:') return base
  const wanted = new URL(base)
  wanted.protocol = 'https:'
  const isThere = route.servers.some((server) => String(addressOf(server, api, options)) === wanted.href)
  return isThere ? wanted : base
}

/** The address of a server, or what is wrong with it. */
function addressOf(server: RouteServer | undefined, api: Api, { serverVariables = {} }: ServerOptions): URL | string {
  const filled = server === undefined ? { text: '/' } : filledIn(server, serverVariables)
  if (filled.problem !== undefined) return filled.problem
  const url = parsed(filled.text, api.address)
  if (url === undefined) return 'The document does not say where the API is'
  const objection = grammarObjection(url)
  if (objection !== undefined) return `The address that the document has for the API ${objection}`
  if (url.search !== '' || url.hash !== '') return 'The address that the document has for the API holds a query'
  if (!url.pathname.endsWith('/')) url.pathname += '/'
  return url
}

/** A document from a file says where it lies, and not where its API is. */
function parsed(text: string, address: URL | undefined): URL | undefined {
  const from = address !== undefined && /^https?:$/.test(address.protocol) ? address : undefined
  return URL.canParse(text, from) ? new URL(text, from) : undefined
}

interface Filled {
  readonly text: string
  readonly problem?: string | undefined
}

/** Variables are what the document lists for them: whatever else they were, it could be another host. */
function filledIn({ url, variables }: RouteServer, given: Readonly<Record<string, string>>): Filled {
  const tooLong = `The address that the document has for the API is longer than ${LONGEST} characters`
  if (url.length > LONGEST) return { text: '', problem: tooLong }
  let problem: string | undefined
  const text = url.replace(/\{([^{}]*)\}/g, (_, name: string) => {
    const variable = variables.get(name)
    const wanted = (Object.hasOwn(given, name) ? given[name] : variable?.default) ?? ''
    if (variable === undefined)
      problem = `The address of the API needs "${short(name)}", which the document does not explain`
    else if (wanted !== variable.default && !variable.enum?.includes(wanted)) {
      problem = `serverVariables: "${short(name)}" can only be ${listed(variable.enum ?? [variable.default])}`
    }
    return wanted.slice(0, LONGEST + 1)
  })
  return { text, problem: text.length > LONGEST ? tooLong : problem }
}

/** Of an address of a document. */
const LONGEST = 2_000

function problem(words: string): RouteProblem {
  return new RouteProblem(`${words}; give \`baseUrl\``)
}

const MOST_LISTED = 10

function listed(values: readonly string[]): string {
  const shown = values.slice(0, MOST_LISTED).map((value) => `"${short(value)}"`)
  return shown.join(', ') + (values.length > MOST_LISTED ? ', …' : '')
}

function shown({ origin }: URL): string {
  return short(origin)
}

function short(text: string): string {
  return text.slice(0, 100)
}
