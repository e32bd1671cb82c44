import type { Auth } from '../engine/auth.ts'
import type { Awaitable } from '../engine/call.ts'
import { FastMCPError, ToolError } from '../protocol/errors.ts'
import { unlessAborted } from '../resilience/abort.ts'
import { checkNumber, LONGEST_TIMER } from '../resilience/setting.ts'
import type { Storage } from '../storage/storage.ts'
import type { Proof, UpstreamAuth } from './auth.ts'
import type { Fetch } from './follow.ts'
import type { Grant, TokenEndpoint } from './token-endpoint.ts'
import { type Held, TokenKeeper, type TokenSource } from './token-keeper.ts'

/** What every grant needs. */
export interface OAuth2Client {
  /** Of the token endpoint; https, except on this machine. */
  readonly tokenUrl: string | URL
  readonly clientId: string
  /** Left out for a public client. */
  readonly clientSecret?: string
  /** How the secret travels: as HTTP Basic, or in the form. Default `basic`. */
  readonly clientAuth?: 'basic' | 'post'
  readonly scope?: string | readonly string[]
  /** The API that tokens are for (RFC 8707). */
  readonly resource?: string
  /** The same for servers that call it so. */
  readonly audience?: string
  /** Whatever else the token endpoint wants. */
  readonly parameters?: Readonly<Record<string, string>>
  /**
   * Where tokens outlive the process and are shared by replicas, of which one at a time asks for new ones. Tokens lie
   * there as they are: let nobody else read it.
   */
  readonly storage?: Storage
  /** Milliseconds before its end that a token is renewed; default 60,000, and at most a fifth of its life. */
  readonly refreshBefore?: number
  /** Milliseconds for one request for tokens; default 10,000. */
  readonly timeout?: number
  /** Sends requests for tokens; default: the runtime's `fetch`. */
  readonly fetch?: Fetch | undefined
  /** Hears of storage that fails; default: one line on standard error. */
  readonly onError?: (problem: Error) => void
}

/** How tokens are to be had: as ourselves, by a refresh token that somebody gave us, or for the token of whoever calls. */
export type OAuth2Options = OAuth2Client &
  (
    | { readonly grant: 'client_credentials' }
    | {
        readonly grant: 'refresh_token'
        /** The first one. Those that it is rotated into are kept in `storage`. */
        readonly refreshToken: string
      }
    | {
        readonly grant: 'token_exchange'
        /** The token of the caller that is exchanged (RFC 8693). */
        readonly subject: (caller: Auth) => Awaitable<string>
        /** What kind it is; default an access token. */
        readonly subjectType?: string
      }
  )

const ACCESS_TOKEN = 'urn:ietf:params:oauth:token-type:access_token'
const EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange'

/**
 * Proves who is calling by OAuth 2 access tokens: asked for when they are needed, renewed ahead of their end, once for
 * all who wait, and once more when the upstream answers 401. Exchanged tokens belong to their caller and its scopes alone:
 * give requests the `ctx` of their handler.
 *
 * @example
 * const crm = upstream({
 *   baseUrl: 'https://crm.example.com/api',
 *   auth: oauth2({
 *     grant: 'client_credentials',
 *     tokenUrl: 'https://login.example.com/token',
 *     clientId: settings.CRM_CLIENT_ID,
 *     clientSecret: settings.CRM_CLIENT_SECRET,
 *     scope: 'contacts.read',
 *   }),
 * })
 */
export function oauth2(options: OAuth2Options): UpstreamAuth {
  const endpoint = readEndpoint(options)
  const { clientSecret, storage, refreshBefore = 60_000, onError = tellOnStderr } = options
  const grant = grantOf(options)
  const keeper = new TokenKeeper({
    endpoint,
    storage,
    refreshBefore: checkNumber('oauth2: refreshBefore', refreshBefore, { least: 0 }),
    identity: identityOf(options, endpoint),
    onError,
  })
  const secrets = clientSecret === undefined ? [] : [clientSecret]

  return ({ headers, caller, signal }) => {
    const source = sourceFor(caller, options, grant)
    const prove = (token: Held): Proof => {
      headers.set('authorization', `Bearer ${token.accessToken}`)
      return { secrets: [token.accessToken, ...secrets], discard: () => keeper.refuse(source.who, token) }
    }
    const token = keeper.obtain(source)
    if (!(token instanceof Promise)) return prove(token)
    return (signal === undefined ? token : unlessAborted(() => token, signal)).then(prove)
  }
}

type MakeGrant = (refreshToken: string | undefined, caller: Auth | undefined) => Awaitable<Grant>

function grantOf(options: OAuth2Options): MakeGrant {
  const extras = extrasOf(options)
  if (options.grant === 'client_credentials') return () => ({ type: 'client_credentials', parameters: extras })
  if (options.grant === 'refresh_token') {
    const first = requireText('refreshToken', options.refreshToken)
    return (newest = first) => ({ type: 'refresh_token', parameters: { ...extras, refresh_token: newest } })
  }
  const { grant, subject, subjectType = ACCESS_TOKEN } = options
  if (grant !== 'token_exchange') throw wrong('grant must be client_credentials, refresh_token or token_exchange')
  if (typeof subject !== 'function') throw wrong('subject must be a function that gives the token of the caller')
  return async (_, caller) => {
    const token = caller === undefined ? undefined : await subject(caller)
    if (typeof token !== 'string' || token === '') throw anonymous()
    return { type: EXCHANGE, parameters: { ...extras, subject_token: token, subject_token_type: subjectType } }
  }
}

function sourceFor(caller: Auth | undefined, { grant: type }: OAuth2Options, grant: MakeGrant): TokenSource {
  const rotates = type === 'refresh_token'
  if (type !== 'token_exchange') return { who: '', rotates, grant: (refreshToken) => grant(refreshToken, undefined) }
  if (caller === undefined) throw anonymous()
  const { issuer = '', subject, clientId = '', scopes = [] } = caller
  const who = JSON.stringify([issuer, subject, clientId, scopes.toSorted()])
  return { who, rotates, grant: () => grant(undefined, caller) }
}

/** What tells tokens in a storage apart. A chain of refresh tokens is that of its first, whatever else is asked for with it. */
function identityOf(options: OAuth2Options, { url, clientId }: TokenEndpoint): readonly string[] {
  const last = options.grant === 'refresh_token' ? options.refreshToken : JSON.stringify(extrasOf(options))
  return [options.grant, url.href, clientId, last]
}

function anonymous(): ToolError {
  return new ToolError('UNAUTHORIZED', 'This is done on behalf of whoever calls, and nobody is signed in')
}

function readEndpoint(options: OAuth2Options): TokenEndpoint {
  const { clientSecret, clientAuth = 'basic', timeout = 10_000 } = options
  if (clientAuth !== 'basic' && clientAuth !== 'post') throw wrong('clientAuth must be "basic" or "post"')
  return {
    url: readTokenUrl(options.tokenUrl),
    clientId: requireText('clientId', options.clientId),
    clientSecret: clientSecret === undefined ? undefined : requireText('clientSecret', clientSecret),
    clientAuth,
    timeout: checkNumber('oauth2: timeout', timeout, { least: 1, most: LONGEST_TIMER / 100 }),
    fetch: options.fetch ?? ((url, init) => fetch(url, init)),
  }
}

function readTokenUrl(tokenUrl: string | URL): URL {
  const url = URL.canParse(String(tokenUrl)) ? new URL(tokenUrl) : undefined
  if (url === undefined || url.username !== '' || url.password !== '') throw wrong('tokenUrl is no https address')
  const isHere = /^(?:localhost|.+\.localhost|127(?:\.\d+){3}|\[::1\])$/.test(url.hostname)
  if (url.protocol === 'https:' || (url.protocol === 'http:' && isHere)) return url
  throw wrong('tokenUrl must be https: secrets travel to it')
}

function requireText(option: string, value: unknown): string {
  if (typeof value === 'string' && value.trim() !== '') return value
  throw wrong(`${option} is missing; is its environment variable set?`)
}

function wrong(problem: string): FastMCPError {
  return new FastMCPError('SETTING', `oauth2: ${problem}`)
}

function extrasOf({ scope, resource, audience, parameters }: OAuth2Client): Record<string, string> {
  const scopes = typeof scope === 'string' ? scope : (scope ?? []).join(' ')
  return {
    ...parameters,
    ...(scopes !== '' && { scope: scopes }),
    ...(resource !== undefined && { resource }),
    ...(audience !== undefined && { audience }),
  }
}

function tellOnStderr(problem: Error): void {
  const cause = problem.cause instanceof Error ? `: ${problem.cause.message}` : ''
  console.error(`[fastmcp] oauth2: ${problem.message}${cause}`)
}
