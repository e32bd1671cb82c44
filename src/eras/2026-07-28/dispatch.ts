import type { Application } from '../../engine/application.ts'
import type { AnyResult, Awaitable, Call } from '../../engine/call.ts'
import type { Context } from '../../engine/context.ts'
import { McpError } from '../../protocol/errors.ts'
import type { RequestId, RpcRequest } from '../../protocol/json-rpc.ts'
import { checkParams, isOperation, type Operation } from '../params.ts'
import type { ResultText } from '../text.ts'
import type { EncodeResult } from './encode.ts'
import type { Carrier } from './origin.ts'

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
  readonly context: Context
  readonly carrier: Answering<A>
}

/** Gives requests to the application and what comes of them to their carriers. */
export class Dispatch {
  readonly #application: Application
  readonly #encode: EncodeResult

  constructor(application: Application, encode: EncodeResult) {
    this.#application = application
    this.#encode = encode
  }

  /** Answers; without a promise where the application needs none. Never throws or rejects. */
  run<A>(asked: Asked<A>): Awaitable<A> {
    const { request, context, carrier } = asked
    const { method } = request
    if (!isOurs(method)) return carrier.refuse(unknownMethod(method))
    try {
      const params = method === DISCOVER ? (request.params ?? {}) : checkParams(method, request.params)
      // The parameters have just been found to be those of the method.
      const result = this.#application.handle({ method, params, context } as Call)
      if (result instanceof Promise) return this.#settle(asked, result)
      return carrier.succeed(this.#encode(method, result))
    } catch (problem) {
      return this.fail(problem, asked)
    }
  }

  /** Answers with whatever was thrown; what is no error of the protocol is masked and reported. */
  fail<A>(problem: unknown, { request, carrier }: Asked<A>): A {
    const known = this.known(problem, request)
    // A list that the server does not have is a method that it does not have; a handler that says so just failed.
    const isAbsent = known.code === 'METHOD_NOT_FOUND' && !HANDLED.has(request.method)
    return isAbsent ? carrier.refuse(known) : carrier.fail(known)
  }

  async #settle<A>(asked: Asked<A>, pending: Promise<AnyResult>): Promise<A> {
    try {
      return asked.carrier.succeed(this.#encode(asked.request.method, await pending))
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

const DISCOVER = 'server/discover'

/** Whether this revision has the operation: it has no handshake and can describe itself at any time. */
function isOurs(method: string): method is Operation | typeof DISCOVER {
  return method === DISCOVER || isOperation(method)
}

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
