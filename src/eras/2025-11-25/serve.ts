import type { Application } from '../../engine/application.ts'
import type { Awaitable, Call } from '../../engine/call.ts'
import { Context } from '../../engine/context.ts'
import { McpError } from '../../protocol/errors.ts'
import type { Params } from '../../protocol/json-rpc.ts'
import type { DescribeResult } from '../../protocol/methods.ts'
import { answerText } from '../encode.ts'
import { checkParams, isOperation, type Operation } from '../params.ts'
import type { MessageText, ResultText } from '../text.ts'
import { invalidRequest, problemText, toProblem } from './failures.ts'
import { greetingText, readGreeting } from './handshake.ts'
import type { StatefulOrigin } from './origin.ts'
import { createEncoders, type EncodeResult } from './results.ts'
import type { Revision } from './revisions.ts'
import { Session } from './session.ts'
import { sessionMethodNamed } from './session-methods.ts'

/** The text of an answer; undefined when nobody wants it any more. */
export type Served = MessageText | undefined

/** Works on a request. Never throws or rejects, and answers without a promise where the application does. */
export type Serve = (origin: StatefulOrigin) => Awaitable<Served>

interface Service {
  readonly application: Application
  readonly encoders: ReadonlyMap<Revision, EncodeResult>
}

const NO_PARAMS: Params = Object.freeze({})

/** The service of a server. */
export function createServe(application: Application): Serve {
  const service: Service = { application, encoders: createEncoders() }
  return (origin) => {
    const { method } = origin.request
    try {
      if (isOperation(method)) return operate(service, origin, method)
      if (method === 'initialize') return greet(application, origin)
      const run = sessionMethodNamed(method)
      if (run === undefined) throw new McpError('METHOD_NOT_FOUND', `Method not found: ${method.slice(0, 100)}`)
      const done = run(origin, application)
      return done instanceof Promise ? settled(origin, done) : answered(origin, '{}')
    } catch (thrown) {
      return failed(origin, thrown)
    }
  }
}

function operate({ application, encoders }: Service, origin: StatefulOrigin, method: Operation): Awaitable<Served> {
  const params = checkParams(method, origin.request.params)
  const encode = encoders.get(origin.party.revision)
  if (encode === undefined) throw invalidRequest('This protocol revision is not spoken here')
  // `checkParams` has just made sure that the parameters are those of the method.
  const result = application.handle({ method, params, context: new Context(origin) } as Call)
  if (!(result instanceof Promise)) return answered(origin, encode(method, result))
  return result
    .then((known) => answered(origin, encode(method, known)))
    .catch((thrown: unknown) => failed(origin, thrown))
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
    const result = await application.handle({ method: 'initialize', params, context: new Context(origin) })
    const described = result as DescribeResult // the result of this method
    const text = greetingText(session.revision, described)
    session.greet(described.capabilities)
    return text
  } catch (thrown) {
    session.greet(undefined)
    throw thrown
  }
}

function answered(origin: StatefulOrigin, result: ResultText): Served {
  const wanted = !origin.cancelled
  origin.end()
  return wanted ? answerText(origin.requestId, result) : undefined
}

function failed(origin: StatefulOrigin, thrown: unknown): Served {
  const wanted = !origin.cancelled
  origin.end()
  return wanted
    ? problemText(
        origin.requestId,
        toProblem(thrown, (cause) => origin.report(cause)),
      )
    : undefined
}
