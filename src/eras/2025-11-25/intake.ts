import type { Awaitable } from '../../engine/call.ts'
import type { Received } from '../../protocol/json-rpc.ts'
import { invalidRequest, problemText, toProblem } from './failures.ts'
import { StatefulOrigin, type Way } from './origin.ts'
import type { Party } from './party.ts'
import type { Serve, Served } from './serve.ts'

/** Where a message comes in: from whom, by which way, and who works on requests. */
export interface Place {
  readonly party: Party
  readonly way: Way
  readonly serve: Serve
}

/** Takes one message, and gives the text of its answer if it wants one. Never throws or rejects. */
export function takeIn(received: Received, { party, way, serve }: Place): Awaitable<Served> {
  switch (received.kind) {
    case 'request':
      try {
        return serve(new StatefulOrigin(received.message, party, way))
      } catch (thrown) {
        return problemText(
          received.message.id,
          toProblem(thrown, (cause) => way.report(cause, {})),
        )
      }
    case 'notification':
      party.notified(received.message)
      return undefined
    case 'response':
      party.answered(received.message)
      return undefined
    case 'invalid':
      return problemText(received.id, invalidRequest(received.reason))
    case 'batch':
      return problemText(undefined, invalidRequest('A batch cannot hold a batch'))
  }
}
