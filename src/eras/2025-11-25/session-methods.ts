import type { Application } from '../../engine/application.ts'
import { contextOf } from '../../engine/backstage.ts'
import type { Awaitable } from '../../engine/call.ts'
import { McpError } from '../../protocol/errors.ts'
import type { Params } from '../../protocol/json-rpc.ts'
import { LOG_LEVELS } from '../../protocol/methods.ts'
import { resourceNotFound } from '../../protocol/resource-not-found.ts'
import { checkText } from '../params.ts'
import { mayHear } from '../when-allowed.ts'
import { invalidRequest } from './failures.ts'
import type { StatefulOrigin } from './origin.ts'
import { Session } from './session.ts'

/** A method that concerns the session alone and is answered with an empty result. */
export type SessionMethod = (origin: StatefulOrigin, application: Application) => Awaitable<void>

const METHODS: ReadonlyMap<string, SessionMethod> = new Map<string, SessionMethod>([
  ['ping', () => undefined],
  ['logging/setLevel', setLevel],
  ['resources/subscribe', subscribe],
  ['resources/unsubscribe', (origin) => sessionOf(origin).unwatch(uriOf(origin))],
])

/** The method of this name, if it is one of the session's own. */
export function sessionMethodNamed(name: string): SessionMethod | undefined {
  return METHODS.get(name)
}

function setLevel(origin: StatefulOrigin): void {
  const level = paramsOf(origin).level
  const known = LOG_LEVELS.find((name) => name === level)
  if (known === undefined) {
    throw new McpError('INVALID_PARAMS', `Invalid parameters: "level" must be one of ${LOG_LEVELS.join(', ')}`)
  }
  sessionOf(origin).logLevel = known
}

/** What a caller cannot read it does not hear of either. */
async function subscribe(origin: StatefulOrigin, application: Application): Promise<void> {
  const session = sessionOf(origin)
  const uri = uriOf(origin)
  const context = contextOf(origin)
  if (!(await application.canRead(uri, context))) throw resourceNotFound(uri)
  session.checkRoom(uri)
  const stop = await application.follow?.(uri, context)
  try {
    session.watch(uri, { stop, mayHear: (change) => mayHear(change, application, context) })
  } catch (problem) {
    stop?.()
    throw problem
  }
}

function paramsOf({ request }: StatefulOrigin): Params {
  return request.params ?? {}
}

function uriOf(origin: StatefulOrigin): string {
  const params = paramsOf(origin)
  checkText(params, 'uri')
  return params.uri as string // which has just been checked
}

/** Without a session there is nothing to keep a wish in. */
function sessionOf({ party }: StatefulOrigin): Session {
  if (party instanceof Session) return party
  throw invalidRequest('This needs a session: begin with initialize and send the Mcp-Session-Id header it is given')
}
