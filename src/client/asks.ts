import {
  type ClientContext,
  type Client as OfficialClient,
  ProtocolError,
  type StandardSchemaV1,
} from '@modelcontextprotocol/client'
import type { ProvidedSample } from '../engine/sampling.ts'
import type { Ask, AskMethod, InputResponse, Root, SamplingParams } from '../protocol/asks.ts'
import type { ClientCapabilities } from '../protocol/capabilities.ts'
import type { Implementation } from '../protocol/definitions.ts'
import { type FastMCPError, McpError } from '../protocol/errors.ts'
import type { Awaitable } from '../schema/awaitable.ts'
import { type ElicitAnswer, toElicitResult } from './elicit-answer.ts'
import { type ElicitForm, readForm } from './elicit-form.ts'
import { ClientError } from './errors.ts'
import type { FormContent } from './form-field.ts'
import { toRootsResult } from './roots.ts'
import { readSampleRequest, toSampleResult } from './sampling.ts'
import { unlessAborted } from './unless-aborted.ts'
import type { UrlRequired } from './url-required.ts'

/** What a handler knows of the question beside the question. */
export interface AskContext {
  /** Ends when nobody waits for the answer any more: put the question away. */
  readonly signal: AbortSignal
  /** Who asks, in its own words, which nobody verified. Show it to whoever answers. */
  readonly server: Implementation | undefined
  /** What the server is called in a config of several. */
  readonly name: string | undefined
}

/** Answers questions to the user: fills in a form, or sees to an address. */
export type ElicitHandler = (
  message: string,
  form: ElicitForm,
  ctx: AskContext,
) => Awaitable<ElicitAnswer | FormContent>

/** Lets a model answer. Plain text is a whole answer. */
export type SampleHandler = (request: SamplingParams, ctx: AskContext) => Awaitable<ProvidedSample>

/** Lists the places that servers may work in, as `file://` URIs. */
export type RootsHandler = (ctx: AskContext) => Awaitable<readonly (Root | string)[]>

/**
 * What a client answers when a server asks in the middle of a call. The same handlers serve both
 * eras, and the client declares exactly the abilities that it has handlers for.
 */
export interface AskHandlers {
  readonly onElicit?: ElicitHandler
  /** The kinds of questions that `onElicit` knows what to do with; both by default. */
  readonly elicitModes?: readonly ('form' | 'url')[]
  readonly onSample?: SampleHandler
  /** Whether the model behind `onSample` can use the tools that a request brings along. */
  readonly sampleTools?: boolean
  readonly onRoots?: RootsHandler
  /** For whoever passes questions on: takes them all as they are, in place of the handlers. */
  readonly questions?: Questions
}

/** Takes the questions of a server as they are. */
export interface Questions {
  /** What is declared: whoever answers in the end can do it. */
  readonly capabilities: Pick<ClientCapabilities, 'elicitation' | 'sampling' | 'roots'>
  answer(ask: Ask, signal: AbortSignal): Promise<InputResponse>
}

/** What the handlers make a client able to do. */
export function abilitiesOf({
  onElicit,
  elicitModes,
  onSample,
  sampleTools,
  onRoots,
  questions,
}: AskHandlers): ClientCapabilities {
  if (questions !== undefined) return questions.capabilities
  const modes = elicitModes ?? ['form', 'url']
  return {
    ...(onElicit && { elicitation: Object.fromEntries(modes.map((mode) => [mode, {}])) }),
    ...(onSample && { sampling: sampleTools ? { tools: {} } : {} }),
    ...(onRoots && { roots: { listChanged: true } }),
  }
}

/** What answering needs to know of the connection. */
export interface AskedConnection {
  readonly official: OfficialClient
  readonly name: string | undefined
  /** Stops the clocks of all calls until the returned function is called. */
  readonly hold: () => () => void
  /** Hears of what went wrong here that only the server is told of. */
  readonly report: (problem: FastMCPError) => void
}

/** Most questions that may wait for an answer at once; a server with more wants to do harm. */
const MOST_ASKS = 32

const ELICIT = 'elicitation/create'

type Params = Readonly<Record<string, unknown>>

/** Answers what a server asks, with the handlers of a client. */
export class Asks {
  readonly #handlers: AskHandlers
  readonly #connection: AskedConnection
  #waiting = 0

  constructor(handlers: AskHandlers, connection: AskedConnection) {
    this.#handlers = handlers
    this.#connection = connection
    const { onElicit, onSample, sampleTools = false, onRoots, questions } = handlers
    if (questions) this.#passOn(questions)
    if (onElicit) this.#on(ELICIT, (params, ctx) => this.#elicit(params, ctx, onElicit))
    if (onSample) {
      this.#on('sampling/createMessage', async (params, ctx) =>
        toSampleResult(await onSample(readSampleRequest(params, { tools: sampleTools }), ctx)),
      )
    }
    if (onRoots) this.#on('roots/list', async (_, ctx) => toRootsResult(await onRoots(ctx)))
  }

  /** Has the user visit an address that a call cannot go on without; whether the call should be made again. */
  async visit(address: UrlRequired, signal: AbortSignal): Promise<boolean> {
    const { onElicit, elicitModes } = this.#handlers
    if (onElicit === undefined || elicitModes?.includes('url') === false) return false
    const form: ElicitForm = { mode: 'url', url: address.url, whenDone: true, fields: [], defaults: {} }
    const { action } = await this.#answer(
      ELICIT,
      async (ctx) => toElicitResult(await onElicit(address.message, form, ctx), form),
      signal,
    )
    return action === 'accept'
  }

  /** Passed on as they are, and their failures too. */
  #passOn({ capabilities, answer }: Questions): void {
    const { elicitation, sampling, roots } = capabilities
    const declared: readonly AskMethod[] = [
      ...(elicitation === undefined ? [] : ([ELICIT] as const)),
      ...(sampling === undefined ? [] : (['sampling/createMessage'] as const)),
      ...(roots === undefined ? [] : (['roots/list'] as const)),
    ]
    for (const method of declared) {
      this.#on(method, async (params, { signal }) => ({ ...(await answer({ method, params }, signal)) }))
    }
  }

  #on(method: string, work: (params: Params, ctx: AskContext) => Promise<object>): void {
    const { official } = this.#connection
    official.setRequestHandler(method, { params: ANY }, (params, { mcpReq }: ClientContext) =>
      this.#answer(method, (ctx) => work(params, ctx), mcpReq.signal),
    )
  }

  async #elicit(params: Params, ctx: AskContext, onElicit: ElicitHandler): Promise<ElicitAnswer> {
    const form = readForm(params, this.#connection.official.getProtocolEra() === 'modern')
    if (form === undefined)
      throw new ClientError('INVALID_ASK', 'The form cannot be shown: a field is of no known type')
    return toElicitResult(await onElicit(String(params.message ?? ''), form, ctx), form)
  }

  async #answer(
    method: string,
    work: (ctx: AskContext) => Promise<object>,
    signal: AbortSignal,
  ): Promise<Record<string, unknown>> {
    const { official, name, hold } = this.#connection
    if (this.#waiting >= MOST_ASKS)
      throw this.#failed(
        method,
        new ClientError('INVALID_ASK', `The server asks more than ${MOST_ASKS} questions at once`),
      )
    const release = hold()
    this.#waiting++
    try {
      const server = official.getServerVersion() as Implementation | undefined // the same shape
      return { ...(await unlessAborted(work({ signal, server, name }), signal)) }
    } catch (problem) {
      throw this.#failed(method, problem)
    } finally {
      this.#waiting--
      release()
    }
  }

  /**
   * In the stateless era the error goes to whoever made the call. In the stateful era it goes to
   * the server, which must not learn more than that there is no answer, unless whoever takes all questions says so.
   */
  #failed(method: string, problem: unknown): Error {
    if (problem instanceof McpError && this.#handlers.questions) {
      return new ProtocolError(problem.rpcCode, problem.message, problem.data)
    }
    const told =
      problem instanceof ClientError
        ? problem
        : new ClientError('HANDLER_FAILED', `The handler for ${method} failed: see cause`, { cause: problem })
    if (this.#connection.official.getProtocolEra() === 'modern') return told
    this.#connection.report(told)
    return new ProtocolError(-32_603, `The client could not answer ${method}`)
  }
}

/** The official client has checked the request against its revision; its parsed copy lacks what it does not know. */
const ANY: StandardSchemaV1<Params, Params> = {
  '~standard': {
    version: 1,
    vendor: 'fastmcp',
    validate: (value) => ({ value: value as Params }), // an object, as the official client makes it
  },
}
