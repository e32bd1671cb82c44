import type { Application } from '../../engine/application.ts'
import { backstageOf, contextOf } from '../../engine/backstage.ts'
import type { AnyResult, Awaitable, Call } from '../../engine/call.ts'
import type { Context } from '../../engine/context.ts'
import { MOST_ROUNDS } from '../../engine/journal.ts'
import { McpError } from '../../protocol/errors.ts'
import type { Params } from '../../protocol/json-rpc.ts'
import type { DescribeResult } from '../../protocol/methods.ts'
import { answerText } from '../encode.ts'
import { checkParams, isOperation, type Operation } from '../params.ts'
import type { MessageText, ResultText } from '../text.ts'
import { invalidRequest, problemText, toProblem } from './failures.ts'
import { greetingText, readGreeting } from './handshake.ts'
import type { Attendant, StatefulOrigin } from './origin.ts'
import { createEncoders, type EncodeResult } from './results.ts'
import type { Revision } from './revisions.ts'
import { Session } from './session.ts'
import { sessionMethodNamed } from './session-methods.ts'

/** The text of an answer; undefined when nobody wants it any more. */
export type Served = MessageText | undefined

/** Works on a request. Never throws or rejects, and answers without a promise where the application does. */
export type Serve = (origin: StatefulOrigin) => Awaitable<Served>

interface Service extends Attendant {
  readonly encoders: ReadonlyMap<Revision, EncodeResult>
}

const NO_PARAMS: Params = Object.freeze({})

/** The service of a server. */
export function createServe(application: Application, askTimeoutMs: number): Serve {
  const service: Service = { application, askTimeoutMs, encoders: createEncoders() }
  return (origin) => {
    const { method } = origin.request
    origin.attend(service)
    try {
      if (isOperation(method)) return operate(service, origin, method)
      if (method === 'initialize') return greet(application, origin)
      const run = sessionMethodNamed(method)
      if (run === undefined) return operateAdded(service, origin)
      const done = run(origin, application)
      return done instanceof Promise ? settled(origin, done) : answered(origin, '{}')
    } catch (thrown) {
      return failed(origin, thrown)
    }
  }
}

/** An operation for one request: who does it, and how its result is told. */
interface Errand {
  readonly application: Application
  readonly origin: StatefulOrigin
  readonly method: Operation
  readonly params: Params
  readonly encode: EncodeResult
}

function operate({ application, encoders }: Service, origin: StatefulOrigin, method: Operation): Awaitable<Served> {
  const params = checkParams(method, origin.request.params)
  const encode = encoders.get(origin.party.revision)
  if (encode === undefined) throw invalidRequest('This protocol revision is not spoken here')
  const errand: Errand = { application, origin, method, params, encode }
  const context = contextOf(origin)
  try {
    const result = call(errand, context)
    if (!(result instanceof Promise)) return finished(errand, result, context)
    return result
      .then((known) => finished(errand, known, context))
      .catch((thrown: unknown) => broken(errand, thrown, context))
  } catch (thrown) {
    return broken(errand, thrown, context)
  }
}

function call({ application, method, params }: Errand, context: Context): Awaitable<AnyResult> {
  // `checkParams` has made sure that the parameters are those of the method.
  return application.handle({ method, params, context } as Call)
}

/** What the guard form asks is asked, whatever was made of it on the way. */
function finished(errand: Errand, result: AnyResult, context: Context): Awaitable<Served> {
  const { origin, method, encode } = errand
  return origin.unwinding ? again(errand) : answered(origin, encode(method, result), context)
}

function broken(errand: Errand, thrown: unknown, context: Context): Awaitable<Served> {
  return errand.origin.unwinding ? again(errand) : failed(errand.origin, thrown, context)
}

/** Asks what the guard form wants to know and calls the handler again, until it has a result. */
async function again(errand: Errand): Promise<Served> {
  const { origin, method, encode } = errand
  for (let round = 1; round <= MOST_ROUNDS; round++) {
    const context = contextOf(origin)
    try {
      await origin.dialogue.answerRequired()
      const result = await call(errand, context)
      if (!origin.unwinding) return answered(origin, encode(method, result), context)
    } catch (thrown) {
      if (!origin.unwinding) return failed(origin, thrown, context)
    }
    backstageOf(context).flush()
  }
  return failed(origin, invalidRequest(`After ${MOST_ROUNDS} rounds of questions the handler still asks`))
}

/** Methods of extensions whose results are all of one type, as this era knows no other. */
function operateAdded({ application }: Service, origin: StatefulOrigin): Awaitable<Served> {
  const { method, params = NO_PARAMS } = origin.request
  const added = application.additions?.method(method)
  if (added === undefined || added.needsResultTypes)
    throw new McpError('METHOD_NOT_FOUND', `Method not found: ${method.slice(0, 100)}`)
  const context = contextOf(origin)
  // Its parameters are for the extension to check.
  const result = application.handle({ method, params, context } as Call)
  if (!(result instanceof Promise)) return answered(origin, JSON.stringify(result), context)
  return result
    .then((known) => answered(origin, JSON.stringify(known), context))
    .catch((thrown: unknown) => failed(origin, thrown, context))
}

async function settled(origin: StatefulOrigin, done: Promise<void>): Promise<Served> {
  try {
    await done
    return answered(origin, '{}')
  } catch (thrown) {
    return failed(origin, thrown)
  }
}

async function greet(application: Application, origin: StatefulOrigin): Promise<Served> {
  const { party, request } = origin
  try {
    if (!(party instanceof Session)) throw invalidRequest('Nothing can be initialized here')
    party.meet(readGreeting(request.params ?? NO_PARAMS), request.id)
    return answered(origin, await describe(application, origin, party))
  } catch (thrown) {
    return failed(origin, thrown)
  }
}

/** What was agreed holds once the server has told of itself; if it cannot, nothing was agreed. */
async function describe(application: Application, origin: StatefulOrigin, session: Session): Promise<string> {
  const { info } = session.client
  const params = info === undefined ? NO_PARAMS : { clientInfo: info }
  try {
    const result = await application.handle({ method: 'initialize', params, context: contextOf(origin) })
    const described = result as DescribeResult // the result of this method
    const text = greetingText(session.revision, described)
    session.greet(described.capabilities)
    return text
  } catch (thrown) {
    session.greet(undefined)
    throw thrown
  }
}

function answered(origin: StatefulOrigin, result: ResultText, context?: Context): Served {
  const wanted = !origin.cancelled
  if (context !== undefined) backstageOf(context).flush()
  origin.end()
  return wanted ? answerText(origin.requestId, result) : undefined
}

function failed(origin: StatefulOrigin, thrown: unknown, context?: Context): Served {
  const wanted = !origin.cancelled
  if (context !== undefined) backstageOf(context).flush()
  origin.end()
  origin.failure = toProblem(thrown, (cause) => origin.report(cause))
  return wanted ? problemText(origin.requestId, origin.failure) : undefined
}
