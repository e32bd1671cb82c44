import type { Cancellation } from '../../engine/inflight.ts'
import { McpError } from '../../protocol/errors.ts'
import { createMemoryStorage } from '../../storage/memory.ts'
import { type CreateEra, STATE_TTL_MS } from '../era.ts'
import { Dispatch } from './dispatch.ts'
import { createEncoder } from './encode.ts'
import { HttpDoor } from './http.ts'
import { StatelessLine } from './line.ts'
import { Listens } from './listen.ts'
import { STATELESS_REVISIONS } from './revision.ts'
import { Rounds } from './rounds.ts'
import { Seal } from './seal.ts'

export { claimsStateless } from './claim.ts'
export { STATELESS_REVISIONS } from './revision.ts'

/** The era without a handshake: every request says by itself all that is needed to answer it. */
export const createStatelessEra: CreateEra = (application, options, all) => {
  const { storage = createMemoryStorage(), requestState } = options
  const seal = new Seal(requestState?.keys ?? [])
  const rounds = new Rounds(application, { seal, storage, ttlMs: requestState?.ttlMs ?? STATE_TTL_MS })
  const dispatch = new Dispatch(application, createEncoder(application, all), rounds)
  const listens = new Listens(application, options.listens)
  const cancellable = new Set<Cancellation>()
  const service = { application, all, dispatch, listens, cancellable }
  const http = new HttpDoor(service)

  return {
    revisions: STATELESS_REVISIONS,
    exchange: (exchange, received) => http.exchange(exchange, received),
    connect: (wire) => new StatelessLine(service, wire),
    close() {
      listens.close()
      for (const cancellation of cancellable) cancellation.cancel(SHUTTING_DOWN)
    },
  }
}

const SHUTTING_DOWN = new McpError('OVERLOADED', 'The server is shutting down')
