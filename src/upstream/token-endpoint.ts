import type { AuthorizationServer, Client, ClientAuth, TokenEndpointResponse } from 'oauth4webapi'
import { isRecord } from '../protocol/json-rpc.ts'
import { Deadline } from './deadline.ts'
import type { Errand } from './failures.ts'
import type { Fetch } from './follow.ts'
import { retryAfterOf } from './retry-after.ts'
import { UpstreamError } from './upstream-error.ts'
import { UpstreamResponse } from './upstream-response.ts'

/** Where tokens come from, and as whom we ask for them. */
export interface TokenEndpoint {
  readonly url: URL
  readonly clientId: string
  readonly clientSecret: string | undefined
  /** How the secret travels: as HTTP Basic, or in the form. */
  readonly clientAuth: 'basic' | 'post'
  readonly timeout: number
  readonly fetch: Fetch
}

/** What a token endpoint gave. */
export interface Tokens {
  readonly accessToken: string
  /** Milliseconds, at most a day; an hour where it does not say. */
  readonly lifeMs: number
  readonly refreshToken: string | undefined
}

/** The parameters of a grant, without those that say who we are. */
export interface Grant {
  readonly type: string
  readonly parameters: Readonly<Record<string, string>>
}

const MOST_BYTES = 64 * 1024
const LONGEST_LIFE_MS = 24 * 60 * 60 * 1000

/** Asks for tokens, once. Rejects with `UpstreamError`, in which there is no token and no secret. */
export async function requestTokens(endpoint: TokenEndpoint, grant: Grant): Promise<Tokens> {
  // Whoever uses no tokens does not load it.
  const oauth = await import('oauth4webapi')
  const server: AuthorizationServer = { issuer: endpoint.url.origin, token_endpoint: endpoint.url.href }
  const client: Client = { client_id: endpoint.clientId }
  const errand = errandOf(endpoint, grant)
  const answer: { response?: Response } = {}
  const options = {
    [oauth.customFetch]: async (url: string, init: object) => {
      answer.response = await readWhole(endpoint, { url, init }, errand)
      return answer.response
    },
    [oauth.allowInsecureRequests]: endpoint.url.protocol === 'http:',
  }
  try {
    const auth = clientAuthOf(endpoint, oauth)
    const asked = oauth.genericTokenEndpointRequest(server, client, auth, grant.type, { ...grant.parameters }, options)
    return tokensOf(await oauth.processGenericTokenEndpointResponse(server, client, await asked))
  } catch (problem) {
    // What the library throws may hold the answer, and with it tokens.
    throw problem instanceof UpstreamError ? problem : refusalOf(problem, answer.response)
  }
}

function errandOf({ clientSecret }: TokenEndpoint, { parameters }: Grant): Errand {
  const secrets = [...Object.values(parameters), ...(clientSecret === undefined ? [] : [clientSecret])]
  return { name: 'The token endpoint', method: 'POST', path: '', secrets: () => secrets }
}

function clientAuthOf(
  { clientSecret, clientAuth }: TokenEndpoint,
  oauth: Pick<typeof import('oauth4webapi'), 'None' | 'ClientSecretBasic' | 'ClientSecretPost'>,
): ClientAuth {
  if (clientSecret === undefined) return oauth.None()
  return clientAuth === 'post' ? oauth.ClientSecretPost(clientSecret) : oauth.ClientSecretBasic(clientSecret)
}

/** The answer, limited in time and size, as one that the library can read: an ID token is nothing that it can check here. */
async function readWhole(
  { fetch, timeout }: TokenEndpoint,
  { url, init }: { readonly url: string; readonly init: RequestInit },
  errand: Errand,
): Promise<Response> {
  const deadline = new Deadline(timeout, undefined)
  try {
    const response = await deadline.race(fetch(url, { ...init, signal: deadline.signal }))
    const { status, headers } = response
    const text = await new UpstreamResponse(response, { deadline, maxBytes: MOST_BYTES }, errand).text()
    const kept = new Headers({ 'content-type': headers.get('content-type') ?? '' })
    for (const name of ['retry-after', 'date']) if (headers.has(name)) kept.set(name, headers.get(name) ?? '')
    return new Response(text === '' ? null : withoutIdToken(text), { status, headers: kept })
  } catch (problem) {
    throw deadline.explain(problem, errand)
  } finally {
    deadline.clear()
  }
}

function withoutIdToken(text: string): string {
  try {
    const value: unknown = JSON.parse(text)
    if (!isRecord(value) || !('id_token' in value)) return text
    const { id_token: _, ...rest } = value
    return JSON.stringify(rest)
  } catch {
    return text
  }
}

function tokensOf({
  access_token: accessToken,
  expires_in = 3600,
  refresh_token,
  token_type,
}: TokenEndpointResponse): Tokens {
  if (token_type !== 'bearer') throw new Error('a token of another type than Bearer')
  // RFC 6750, 2.1; anything else could not be sent, and an error about it would show it.
  if (!/^[\w\-.~+/]+=*$/.test(accessToken)) throw new Error('a token that no header can hold')
  return { accessToken, lifeMs: Math.min(expires_in * 1000, LONGEST_LIFE_MS), refreshToken: refresh_token }
}

function refusalOf(problem: unknown, response: Response | undefined): UpstreamError {
  const status = response?.status
  if (response !== undefined && status !== undefined && (status >= 500 || status === 429)) {
    const facts = { reason: 'status', status, retryAfterMs: retryAfterOf(response.headers) } as const
    return new UpstreamError(`The token endpoint answered with ${status}`, facts)
  }
  if (status !== undefined && status >= 400) {
    const words = errorCodeOf(problem) ?? `status ${status}`
    return new UpstreamError(`No access token was to be had: ${words}`, { reason: 'unauthorized', status })
  }
  return new UpstreamError('The token endpoint answered with what is no access token', { reason: 'unexpected', status })
}

/** Only in the form that such codes have (RFC 6749, 5.2): anything else may be anything. */
function errorCodeOf(problem: unknown): string | undefined {
  const code: unknown = problem instanceof Error && 'error' in problem ? problem.error : undefined
  return typeof code === 'string' && /^[a-z_]{1,40}$/.test(code) ? code : undefined
}
