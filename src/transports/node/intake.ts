import type { Auth } from '../../engine/auth.ts'
import type { Reply } from '../../eras/exchange.ts'
import { HEADERS_TOO_LARGE, Refusal, STOPPING } from '../http/refusal.ts'
import { checkBody } from '../http/site.ts'
import { readBody } from './body.ts'
import type { NodeExchange } from './exchange.ts'

/** Names and values alternate in `rawHeaders`. */
const MOST_HEADER_STRINGS = 2 * 100

/** Leads an exchange as far as it gets: turned away, to its body, or to the eras. Never throws. */
export function admit(exchange: NodeExchange): void {
  try {
    const early = judgeHead(exchange)
    if (early === undefined) identify(exchange)
    else exchange.turnAway(early)
  } catch (problem) {
    exchange.fail(problem)
  }
}

function judgeHead(exchange: NodeExchange): Reply | undefined {
  const { site, draining } = exchange.desk
  if (draining) return STOPPING
  if (exchange.request.rawHeaders.length > MOST_HEADER_STRINGS) return HEADERS_TOO_LARGE
  return site.routes.admit(exchange)
}

function identify(exchange: NodeExchange): void {
  const { site } = exchange.desk
  if (site.identify === undefined) {
    proceed(exchange, undefined)
    return
  }
  if (exchange.mustWait(() => identify(exchange))) return
  const found = site.identify(exchange)
  if (found instanceof Promise) exchange.hold(found, (known) => proceed(exchange, known))
  else proceed(exchange, found)
}

function proceed(exchange: NodeExchange, found: Auth | Refusal | undefined): void {
  if (found instanceof Refusal) {
    exchange.turnAway(found)
    return
  }
  exchange.auth = found
  const isPost = exchange.verb === 'POST'
  const refused = isPost ? checkBody(exchange, exchange.desk.site.bodyLimit) : undefined
  if (refused !== undefined) {
    exchange.turnAway(refused)
    return
  }
  if (exchange.expects) exchange.response.writeContinue()
  if (isPost) readBody(exchange)
  else exchange.ask()
}
