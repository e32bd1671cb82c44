import { isAnswerTo, isAskMethod } from '../../engine/answers.ts'
import type { Application } from '../../engine/application.ts'
import { type Auth, principalOf } from '../../engine/auth.ts'
import { canonical } from '../../engine/canonical.ts'
import { type Answered, Journal, MOST_ROUNDS } from '../../engine/journal.ts'
import { McpError } from '../../protocol/errors.ts'
import { isRecord, type Params, type RpcRequest } from '../../protocol/json-rpc.ts'
import { encodeBase64Url } from '../../storage/base64url.ts'
import { type Storage, StorageError } from '../../storage/storage.ts'
import { Replay } from './replay.ts'
import { SERVER_INFO } from './revision.ts'
import { MOST_SEALED, type Seal } from './seal.ts'

/** What the rounds of a server need. */
export interface RoundsOptions {
  readonly seal: Seal
  /** Where journals lie that are too long to travel. */
  readonly storage: Storage
  /** How long a client may take to answer. */
  readonly ttlMs: number
}

const HANDLE_BYTES = 24
const PREFIX = 'fastmcp:request-state:'

/** Methods that may be answered with questions (basic/patterns/mrtr, Supported Requests). */
const ASKING: ReadonlySet<string> = new Set(['tools/call', 'prompts/get', 'resources/read'])

/** Whether a handler of this method may ask. */
export function mayAsk(method: string): boolean {
  return ASKING.has(method)
}

/** Whether a request goes on with one that was answered with questions. */
export function isContinued({ method, params }: RpcRequest): boolean {
  if (params === undefined || !ASKING.has(method)) return false
  return params.requestState !== undefined || params.inputResponses !== undefined
}

/**
 * Multi round-trip requests (basic/patterns/mrtr): ends a round with the questions and all that is
 * known, sealed, and begins the next with what the client brings back. Nothing is kept here in between,
 * but for journals that are too long to travel.
 */
export class Rounds {
  readonly #application: Application
  readonly #options: RoundsOptions

  constructor(application: Application, options: RoundsOptions) {
    this.#application = application
    this.#options = options
  }

  /** What a request brings of earlier rounds. Throws `INVALID_PARAMS`, the same for whatever is wrong with a state. */
  async begin({ method, params = {} }: RpcRequest, auth: Auth | undefined): Promise<Replay> {
    const { requestState, inputResponses } = params
    const responses = readResponses(inputResponses)
    if (requestState === undefined) return new Replay(new Journal(), 0, responses)
    const bound = await this.#binding(method, params, auth)
    const state = typeof requestState === 'string' ? await this.#open(requestState, bound) : undefined
    if (state === undefined) throw invalidState()
    return new Replay(journalOf(state, responses), state.rounds)
  }

  /** The text of the result that asks. Throws once there were too many rounds. */
  async end(replay: Replay, { method, params = {} }: RpcRequest, auth: Auth | undefined): Promise<string> {
    const rounds = replay.rounds + 1
    if (rounds > MOST_ROUNDS) throw tooManyRounds(replay)
    const bound = await this.#binding(method, params, auth)
    const requestState = await this.#close(await stateOf(replay, rounds), bound)
    return JSON.stringify({
      resultType: 'input_required',
      inputRequests: Object.fromEntries(replay.requests),
      requestState,
      _meta: { [SERVER_INFO]: this.#application.identity },
    })
  }

  /** Who asks what of whom: a state is good for nothing else. */
  async #binding(method: string, { name, uri, arguments: args }: Params, auth: Auth | undefined): Promise<Uint8Array> {
    const text = canonical([this.#application.identity.name, principalOf(auth), method, name ?? uri, args ?? {}])
    return new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)))
  }

  async #close(state: State, bound: Uint8Array): Promise<string> {
    const { seal, storage, ttlMs } = this.#options
    const until = Date.now() + ttlMs
    const sealed = await seal.seal(JSON.stringify({ until, state }), bound)
    if (sealed.length <= MOST_SEALED) return sealed
    const handle = encodeBase64Url(crypto.getRandomValues(new Uint8Array(HANDLE_BYTES)))
    await storage.set(PREFIX + handle, sealed, { ttlMs }).catch(refuseTooMuch)
    return seal.seal(JSON.stringify({ until, handle }), bound)
  }

  async #open(sealed: string, bound: Uint8Array): Promise<State | undefined> {
    // What is too long was never sent out.
    const { until, handle, state } = await this.#unseal(sealed.length > MOST_SEALED ? '' : sealed, bound)
    if (!(until > Date.now())) return undefined
    if (handle === undefined) return state
    const kept = await this.#options.storage.get(PREFIX + handle)
    return typeof kept === 'string' ? (await this.#unseal(kept, bound)).state : undefined
  }

  async #unseal(sealed: string, bound: Uint8Array): Promise<Sealed> {
    const text = await this.#options.seal.open(sealed, bound)
    return text === undefined ? EXPIRED : JSON.parse(text) // sealed here, so it has the form of `Sealed`
  }
}

/** What is sealed: the state, or where it lies. */
interface Sealed {
  /** Milliseconds since 1970. */
  readonly until: number
  readonly handle?: string
  readonly state?: State
}

const EXPIRED: Sealed = { until: 0 }

/** What travels of a replay. */
interface State {
  readonly rounds: number
  readonly answers: readonly (readonly [key: string, Answered])[]
  readonly kept: readonly (readonly [key: string, result?: unknown])[]
  /** What was asked last. */
  readonly asked: readonly (readonly [key: string, method: string, question: string])[]
  readonly own?: unknown
}

async function stateOf(replay: Replay, rounds: number): Promise<State> {
  const { answers, kept, state } = replay.journal
  return {
    rounds,
    answers: [...answers],
    kept: Array.from(kept, keptOf),
    asked: await replay.fingerprints(),
    own: state,
  }
}

/** JSON has no undefined, and work may well give none. */
function keptOf([key, result]: readonly [string, unknown]): readonly [string, unknown?] {
  return result === undefined ? [key] : [key, result]
}

/** What was asked last gets its answers; what was not asked, or is answered in the wrong shape, counts as unanswered. */
function journalOf({ answers, kept, asked, own }: State, responses: Params): Journal {
  const journal = new Journal()
  for (const [key, answered] of answers) journal.answers.set(key, answered)
  for (const [key, result] of kept) journal.kept.set(key, result)
  for (const [key, method, question] of asked) {
    const answer = Object.hasOwn(responses, key) ? responses[key] : undefined
    if (isAskMethod(method) && isAnswerTo(method, answer)) journal.answers.set(key, { question, answer })
  }
  journal.state = own
  return journal
}

function refuseTooMuch(cause: unknown): never {
  if (!(cause instanceof StorageError) || cause.code !== 'TOO_LARGE') throw cause
  throw new McpError('TOO_LARGE', 'The answers so far are too much to keep until the next ones', { cause })
}

function readResponses(responses: unknown): Params {
  if (responses === undefined || responses === null) return {}
  if (isRecord(responses)) return responses
  throw new McpError(
    'INVALID_PARAMS',
    'Invalid parameters: "inputResponses" must be an object of answers by their keys',
  )
}

function invalidState(): McpError {
  return new McpError('INVALID_PARAMS', 'Invalid parameters: "requestState" is not valid here; begin again without it')
}

function tooManyRounds({ requests }: Replay): McpError {
  const keys = Array.from(requests.keys(), (key: string) => `"${key.slice(0, 100)}"`).join(', ')
  return new McpError('INVALID_REQUEST', `After ${MOST_ROUNDS} rounds of questions ${keys} is still not answered`)
}
