import type { Context } from '../../../engine/context.ts'
import { FastMCPError, ToolError } from '../../../protocol/errors.ts'
import { unlessAborted } from '../../../resilience/abort.ts'
import type { Awaitable } from '../../../schema/awaitable.ts'
import type { Proof, Unproved, UpstreamAuth } from '../../../upstream/auth.ts'
import type { Credential, CredentialValue } from '../options.ts'
import type { Api } from '../routes/api.ts'
import type { Route, SecurityNeed } from '../routes/route.ts'
import { checkEncrypted, type ServerOptions, serverOf } from './server.ts'
import { type NamedScheme, stampOf } from './stamp.ts'

/** How the requests of one operation are proved. */
export interface CompiledProof {
  /** Left out where nothing is proved. */
  readonly auth?: (ctx: Context | undefined) => UpstreamAuth
  /** Schemes of which one way through would do, where no credentials were given for any way. */
  readonly missing: readonly string[]
}

const OPEN: CompiledProof = { missing: [] }

/**
 * Chooses how an operation is proved: by the first of its alternatives for which there are credentials. Where there are
 * none, requests are sent as they are: the author may prove them by `headers` or `fetch`. Credentials go only to the
 * server of their operation, and unencrypted only to one that the author named. Throws `RouteProblem`.
 */
export function compileProof(route: Route, api: Api, options: ServerOptions): CompiledProof {
  const needs = route.security
  if (needs.length === 0) return OPEN
  const missing = new Set<string>()
  for (const need of needs) {
    const lacking = lackingOf(need, api, options)
    for (const name of lacking) missing.add(name)
    if (need.size > 0 && lacking.length === 0) return proofBy(need, { route, api, options })
  }
  return needs.some((need) => need.size === 0) ? OPEN : { missing: [...missing] }
}

/** Checks the credentials of a document, used or not. Throws `SETTING` for one that no scheme of it wants. */
export function checkCredentials(api: Api, auth: Readonly<Record<string, Credential>> = {}): void {
  for (const [name, credential] of Object.entries(auth)) {
    const scheme = api.schemes.get(name)
    if (scheme === undefined) throw unknownScheme(name, api)
    if (typeof credential !== 'function') stampOf({ name, scheme }, credential)
  }
}

const MOST_LISTED = 20

function unknownScheme(name: string, { schemes }: Api): FastMCPError {
  const known = [...schemes.keys()].slice(0, MOST_LISTED).map((one) => `"${one.slice(0, 60)}"`)
  const words = known.length > 0 ? `it has ${known.join(', ')}` : 'it has none; give what the API wants as `headers`'
  return new FastMCPError('SETTING', `auth: the document has no security scheme "${name.slice(0, 60)}"; ${words}`)
}

/** The schemes of an alternative that there are no credentials for. What is proved by the connection is up to `fetch`. */
function lackingOf(need: SecurityNeed, api: Api, { auth = {}, fetch }: ServerOptions): string[] {
  return [...need.keys()].filter((name) => {
    const isByConnection = api.schemes.get(name)?.type === 'mutualTLS' && fetch !== undefined
    return !isByConnection && credentialOf(auth, name) === undefined
  })
}

function credentialOf(auth: Readonly<Record<string, Credential>>, name: string): Credential | undefined {
  return Object.hasOwn(auth, name) ? auth[name] : undefined
}

interface Place {
  readonly route: Route
  readonly api: Api
  readonly options: ServerOptions
}

function proofBy(need: SecurityNeed, { route, api, options }: Place): CompiledProof {
  const { base, isNamed } = serverOf(route, api, options)
  const given = [...need.keys()].flatMap((name) => {
    const credential = credentialOf(options.auth ?? {}, name)
    return credential === undefined ? [] : { name, scheme: api.schemes.get(name), credential }
  })
  if (given.length === 0) return OPEN
  if (!isNamed) checkEncrypted(base)
  const isOptional = route.security.some((one) => one.size === 0)
  const provers = given.map(({ credential, ...scheme }) => proverOf(scheme, credential, isOptional))
  const prove = boundTo(base.origin, provers)
  // Only functions want to know who calls.
  if (given.some(({ credential }) => typeof credential === 'function')) {
    return { auth: (ctx) => (request) => prove(request, ctx), missing: [] }
  }
  const always: UpstreamAuth = (request) => prove(request, undefined)
  return { auth: () => always, missing: [] }
}

type Prover = (request: Unproved, ctx: Context | undefined) => Awaitable<Proof>

/** Requests are made below their base, and lose their proof on the way elsewhere; this is for what nobody thought of. */
function boundTo(origin: string, provers: readonly Prover[]): Prover {
  const [first, ...others] = provers
  const prove: Prover = first !== undefined && others.length === 0 ? first : (...call) => proveAll(provers, call)
  return (request, ctx) => {
    if (request.url.origin === origin) return prove(request, ctx)
    throw new FastMCPError('SETTING', 'The credentials of an operation are for its own server')
  }
}

async function proveAll(provers: readonly Prover[], call: Parameters<Prover>): Promise<Proof> {
  const proofs: Proof[] = []
  for (const prove of provers) proofs.push(await prove(...call))
  const renewable = proofs.flatMap(({ discard }) => discard ?? [])
  const secrets = proofs.flatMap((proof) => proof.secrets)
  if (renewable.length === 0) return { secrets }
  // All of them: any may be the one that was refused.
  return { secrets, discard: () => renewable.map((discard) => discard()).includes(true) }
}

const NOTHING: Proof = { secrets: [] }

function proverOf(scheme: NamedScheme, credential: Credential, isOptional: boolean): Prover {
  if (typeof credential !== 'function') return stampOf(scheme, credential)
  const stampWith = (value: CredentialValue | undefined, request: Unproved): Awaitable<Proof> => {
    if (value !== undefined) return stampOf(scheme, value)(request)
    if (isOptional) return NOTHING
    throw new ToolError(
      'UNAUTHORIZED',
      `Nothing is known that proves this caller to the API ("${scheme.name.slice(0, 60)}")`,
    )
  }
  return (request, ctx) => {
    const value = credential(ctx)
    if (!(value instanceof Promise)) return stampWith(value, request)
    const { signal } = request
    const waited = signal === undefined ? value : unlessAborted(() => value, signal)
    return waited.then((one) => stampWith(one, request))
  }
}
