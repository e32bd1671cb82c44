import type { Auth } from '../../engine/auth.ts'
import type { Reply } from '../../eras/exchange.ts'
import { HEADERS_TOO_LARGE, Refusal, STOPPING } from '../http/refusal.ts'
import { checkBody } from '../http/site.ts'
import { readBody } from './body.ts'
import type { NodeExchange } from './exchange.ts'

/** Names and values alternate in `rawHeaders`. */
const MOST_HEADER_STRINGS = 2 * 100

/** Who sends a request, as far as that is known, or why it is turned away. */
type Found = Auth | Refusal | undefined

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
    throttle(exchange, undefined)
    return
  }
  if (exchange.mustWait(() => identify(exchange))) return
  const found = site.identify(exchange)
  if (found instanceof Promise) exchange.hold(found, (known) => throttle(exchange, known))
  else throttle(exchange, found)
}

/** Whoever tries too many names is told to wait, as whoever sends too much under one. */
function throttle(exchange: NodeExchange, found: Found): void {
  const refused = exchange.desk.site.throttle?.(exchange, found)
  if (refused instanceof Promise) exchange.hold(refused, (known) => proceed(exchange, known ?? found))
  else proceed(exchange, refused ?? found)
}

function proceed(exchange: NodeExchange, found: Found): void {
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
