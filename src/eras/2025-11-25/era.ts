import type { Awaitable } from '../../engine/call.ts'
import { McpError } from '../../protocol/errors.ts'
import type { Received } from '../../protocol/json-rpc.ts'
import type { CreateEra } from '../era.ts'
import type { Answer, Exchange, Reply } from '../exchange.ts'
import { Announcements } from './announcements.ts'
import { EventStore } from './events.ts'
import { refuse, toProblem } from './failures.ts'
import { type House, isReply, sessionOf } from './house.ts'
import { StatefulLine } from './line.ts'
import { answerListening } from './listening.ts'
import { answerPost } from './post.ts'
import type { Report } from './posted.ts'
import { REVISIONS } from './revisions.ts'
import { createServe } from './serve.ts'
import { Sessions } from './sessions.ts'

/** The revisions that begin with a handshake, newest first. */
export const STATEFUL_REVISIONS: readonly string[] = REVISIONS.map(({ name }) => name)

/**
 * The era of sessions: `initialize`, `Mcp-Session-Id`, a GET stream for what belongs to no request, and
 * requests of the server to its client. A plain POST without a handshake is answered too.
 */
export const createStatefulEra: CreateEra = (application, options) => {
  const report = safely((problem, facts) => application.report(problem, facts))
  const sessions = new Sessions(options.sessions, ({ principal: owner }, caller) =>
    report(new McpError('INVALID_REQUEST', 'A session was refused to somebody else than its owner'), { owner, caller }),
  )
  const house: House = {
    serve: createServe(application, options.asks.timeoutMs),
    sessions,
    announcements: new Announcements(application),
    events: new EventStore(options.events),
    keepAliveMs: options.listens.keepAliveMs,
    refusalToListen: (session) => sessions.refusalToListen(session, options.listens),
    batch: options.batch,
    report,
  }
  const broken = (thrown: unknown): Reply =>
    refuse(
      500,
      toProblem(thrown, (cause) => report(cause, { during: 'an exchange' })),
    )

  return {
    revisions: STATEFUL_REVISIONS,
    exchange(exchange, received) {
      try {
        const answer = answerExchange(house, exchange, received)
        return answer instanceof Promise ? answer.catch(broken) : answer
      } catch (thrown) {
        return broken(thrown)
      }
    },
    connect: (wire) => new StatefulLine(wire, house),
    close: () => sessions.close(),
  }
}

/** Answers an exchange; only a POST carries a message (2025-11-25 basic/transports, Streamable HTTP). */
function answerExchange(house: House, exchange: Exchange, received: Received | undefined): Awaitable<Answer> {
  if (received !== undefined) return answerPost(house, exchange, received)
  const session = sessionOf(house, exchange)
  if (isReply(session)) return session
  if (exchange.verb === 'GET') return answerListening(house, exchange, session)
  house.sessions.remove(session, DELETED)
  return NO_CONTENT
}

/** A logger that fails must not take a request with it. */
function safely(report: Report): Report {
  return (problem, facts) => {
    try {
      report(problem, facts)
    } catch {
      // There is nowhere left to say it.
    }
  }
}

const DELETED = new McpError('CANCELLED', 'The client has ended the session')
const NO_CONTENT: Reply = Object.freeze({ status: 204 })
