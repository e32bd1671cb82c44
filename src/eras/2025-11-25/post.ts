import { principalOf } from '../../engine/auth.ts'
import type { Awaitable } from '../../engine/call.ts'
import { ERROR_CODES } from '../../protocol/errors.ts'
import type { Received, RpcRequest } from '../../protocol/json-rpc.ts'
import { acceptanceAt } from '../accept.ts'
import type { Answer, Exchange, Reply } from '../exchange.ts'
import { turnedAway } from '../turned-away.ts'
import { batchProblem, serveBatch } from './batch.ts'
import { invalidRequest, problemText, refuse, toProblem } from './failures.ts'
import { type House, isReply, partyOf, SESSION_HEADER } from './house.ts'
import { StatefulOrigin } from './origin.ts'
import type { Party } from './party.ts'
import { PostedWay } from './posted.ts'
import type { Served } from './serve.ts'
import { Session } from './session.ts'
import { SHUTTING_DOWN } from './sessions.ts'

const ACCEPTED: Reply = Object.freeze({ status: 202 })
const NOT_ACCEPTABLE: Reply = Object.freeze(
  refuse(406, invalidRequest('The Accept header must allow application/json or text/event-stream')),
)

/** Answers a POST (2025-11-25 basic/transports, Sending Messages to the Server). */
export function answerPost(house: House, exchange: Exchange, received: Received): Awaitable<Answer> {
  const acceptance = acceptanceAt(exchange)
  if (!acceptance.json && !acceptance.stream) return NOT_ACCEPTABLE
  const way = new PostedWay(exchange, acceptance, house)
  if (isHandshake(received) && exchange.header(SESSION_HEADER) === undefined) {
    return initialize(house, way, received.message)
  }
  const party = partyOf(house, exchange)
  if (isReply(party)) return party
  if (party instanceof Session) way.session = party
  return take(house, received, { party, way })
}

type Handshake = Extract<Received, { kind: 'request' }>

function isHandshake(received: Received): received is Handshake {
  return received.kind === 'request' && received.message.method === 'initialize'
}

/** A session exists from the moment its handshake has succeeded and there is room for it. */
async function initialize(house: House, way: PostedWay, message: RpcRequest): Promise<Answer> {
  const session = new Session(principalOf(way.auth))
  const origin = new StatefulOrigin(message, session, way)
  const text = await house.serve(origin)
  if (text === undefined || !session.greeted) return close(way, text, origin)
  try {
    house.sessions.add(session)
  } catch (thrown) {
    const problem = toProblem(thrown, (cause) => house.report(cause, { method: 'initialize' }))
    return refuse(ERROR_CODES[problem.code].http, problem, message.id)
  }
  return way.finish(text, message.id, { headers: { [SESSION_HEADER]: session.id } })
}

interface Visit {
  readonly party: Party
  readonly way: PostedWay
}

function take(house: House, received: Received, { party, way }: Visit): Awaitable<Answer> {
  switch (received.kind) {
    case 'request':
      return takeRequest(house, received.message, { party, way })
    case 'notification':
      party.notified(received.message)
      return ACCEPTED
    case 'response':
      party.answered(received.message)
      return ACCEPTED
    case 'batch':
      return takeBatch(house, received.elements, { party, way })
    case 'invalid':
      return refuse(400, invalidRequest(received.reason), received.id)
  }
}

function takeRequest(house: House, message: RpcRequest, { party, way }: Visit): Awaitable<Answer> {
  if (message.method === 'initialize') {
    return refuse(400, invalidRequest('This session is already initialized'), message.id)
  }
  const origin = enter(message, party, way)
  if (isReply(origin)) return origin
  const served = house.serve(origin)
  return served instanceof Promise
    ? untilCancelled(origin, served).then((text) => close(way, text, origin))
    : close(way, served, origin)
}

/**
 * A cancelled request of a session ends its answer at once, even if its handler goes on regardless. A
 * client that did not cancel it itself is told.
 */
function untilCancelled(origin: StatefulOrigin, served: Promise<Served>): Promise<Served> {
  if (!(origin.party instanceof Session)) return served
  return new Promise((resolve) => {
    origin.onCancel((reason) =>
      resolve(reason === SHUTTING_DOWN ? problemText(origin.requestId, SHUTTING_DOWN) : undefined),
    )
    served.then(resolve)
  })
}

/** An id that is in flight is refused with a status, not in words: words would be taken for the first one's answer. */
function enter(message: RpcRequest, party: Party, way: PostedWay): StatefulOrigin | Reply {
  try {
    return new StatefulOrigin(message, party, way)
  } catch (thrown) {
    return refuse(
      400,
      toProblem(thrown, (cause) => way.report(cause, {})),
      message.id,
    )
  }
}

function takeBatch(house: House, elements: readonly unknown[], { party, way }: Visit): Awaitable<Answer> {
  const problem = batchProblem(elements, party, house.batch)
  if (problem !== undefined) return refuse(400, problem)
  const served = serveBatch(elements, { party, way, serve: house.serve })
  return served instanceof Promise ? served.then((texts) => way.finishAll(texts)) : way.finishAll(served)
}

function close(way: PostedWay, text: Served, { requestId, failure }: StatefulOrigin): Answer {
  return text === undefined ? way.end() : way.finish(text, requestId, failure && turnedAway(failure))
}
