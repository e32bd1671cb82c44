import type { Application } from '../../engine/application.ts'
import { backstageOf } from '../../engine/backstage.ts'
import type { AnyResult, Awaitable, Call } from '../../engine/call.ts'
import type { Context } from '../../engine/context.ts'
import { McpError } from '../../protocol/errors.ts'
import type { Params, RequestId, RpcRequest } from '../../protocol/json-rpc.ts'
import { checkParams, isOperation, type Operation } from '../params.ts'
import type { ResultText } from '../text.ts'
import type { EncodeResult } from './encode.ts'
import type { Carrier, StatelessOrigin } from './origin.ts'
import { isContinued, type Rounds } from './rounds.ts'

/** A carrier that can also answer, in its own way. */
export interface Answering<A> extends Carrier {
  succeed(result: ResultText): A
  /** Answers with an error found before a handler could run. */
  refuse(problem: McpError): A
  /** Answers with an error that is itself the outcome of the request. */
  fail(problem: McpError): A
}

/** A request whose envelope is in order, and its way back. */
export interface Asked<A> {
  readonly request: RpcRequest
  readonly origin: StatelessOrigin
  readonly context: Context
  readonly carrier: Answering<A>
}

/** Gives requests to the application and what comes of them to their carriers. */
export class Dispatch {
  readonly #application: Application
  readonly #encode: EncodeResult
  readonly #rounds: Rounds

  constructor(application: Application, encode: EncodeResult, rounds: Rounds) {
    this.#application = application
    this.#encode = encode
    this.#rounds = rounds
  }

  /** Answers; without a promise where the application needs none. Never throws or rejects. */
  run<A>(asked: Asked<A>): Awaitable<A> {
    const { request, carrier } = asked
    const { method } = request
    const isKnown = isOperation(method)
    if (!isKnown && method !== DISCOVER && !this.#isAdded(method)) return carrier.refuse(unknownMethod(method))
    try {
      const params = isKnown ? checkParams(method, request.params) : (request.params ?? {})
      return isContinued(request) ? this.#continue(asked, params) : this.#handle(asked, params)
    } catch (problem) {
      return this.#end(problem, asked)
    }
  }

  /** Answers with whatever was thrown; what is no error of the protocol is masked and reported. */
  fail<A>(problem: unknown, { request, context, carrier }: Asked<A>): A {
    const known = this.known(problem, request)
    backstageOf(context).flush()
    // A list that the server does not have is a method that it does not have; a handler that says so just failed.
    const isHandled = HANDLED.has(request.method) || this.#isAdded(request.method)
    const isAbsent = known.code === 'METHOD_NOT_FOUND' && !isHandled
    return isAbsent ? carrier.refuse(known) : carrier.fail(known)
  }

  /** Whether the method is one that an extension adds. */
  #isAdded(method: string): boolean {
    return this.#application.additions?.method(method) !== undefined
  }

  #handle<A>(asked: Asked<A>, params: Params): Awaitable<A> {
    const { request, origin, context, carrier } = asked
    const { method } = request
    // The parameters have been found to be those of the method.
    const result = this.#application.handle({ method, params, context } as Call)
    if (result instanceof Promise) return this.#settle(asked, result)
    if (origin.unwinding) return this.#ask(asked)
    backstageOf(context).flush()
    return carrier.succeed(this.#encode(method, result))
  }

  async #settle<A>(asked: Asked<A>, pending: Promise<AnyResult>): Promise<A> {
    try {
      const result = await pending
      if (asked.origin.unwinding) return this.#ask(asked)
      const text = this.#encode(asked.request.method, result)
      backstageOf(asked.context).flush()
      return asked.carrier.succeed(text)
    } catch (problem) {
      return this.#end(problem, asked)
    }
  }

  /** Goes on with a call whose handler asked something. */
  async #continue<A>(asked: Asked<A>, params: Params): Promise<A> {
    const { request, origin, carrier } = asked
    try {
      origin.replay = await this.#rounds.begin(request, carrier.auth)
    } catch (problem) {
      return carrier.refuse(this.known(problem, request))
    }
    try {
      return await this.#handle(asked, params)
    } catch (problem) {
      return this.#end(problem, asked)
    }
  }

  /** What a handler asked is asked, whatever it threw or returned after it. */
  #end<A>(problem: unknown, asked: Asked<A>): Awaitable<A> {
    return asked.origin.unwinding ? this.#ask(asked) : this.fail(problem, asked)
  }

  async #ask<A>(asked: Asked<A>): Promise<A> {
    const { request, origin, context, carrier } = asked
    try {
      const text = await this.#rounds.end(origin.replay, request, carrier.auth)
      backstageOf(context).flush()
      return carrier.succeed(text)
    } catch (problem) {
      return this.fail(problem, asked)
    }
  }

  /** What a client may know of anything thrown; what is masked is reported. */
  known(problem: unknown, { method, id }: { readonly method: string; readonly id?: RequestId }): McpError {
    if (problem instanceof McpError) return problem
    const cause =
      problem instanceof Error ? problem : new Error('Something that is no Error was thrown', { cause: problem })
    this.#application.report(cause, { method, requestId: id })
    return new McpError('INTERNAL_ERROR', 'Internal error', { cause })
  }
}

/** This revision has no handshake: a server describes itself at any time. */
const DISCOVER = 'server/discover'

/** Operations whose errors are the answer of a handler. */
const HANDLED: ReadonlySet<string> = new Set<Operation>([
  'tools/call',
  'resources/read',
  'prompts/get',
  'completion/complete',
])

function unknownMethod(method: string): McpError {
  return new McpError('METHOD_NOT_FOUND', `Method not found: ${method.slice(0, 100)}`)
}
