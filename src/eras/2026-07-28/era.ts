import type { CreateEra } from '../era.ts'
import { Dispatch } from './dispatch.ts'
import { createEncoder } from './encode.ts'
import { HttpDoor } from './http.ts'
import { StatelessLine } from './line.ts'
import { Listens } from './listen.ts'
import { STATELESS_REVISIONS } from './revision.ts'

export { claimsStateless } from './claim.ts'
export { STATELESS_REVISIONS } from './revision.ts'

/** The era without a handshake: every request says by itself all that is needed to answer it. */
export const createStatelessEra: CreateEra = (application, options, all) => {
  const dispatch = new Dispatch(application, createEncoder(application, all))
  const listens = new Listens(application, options.listens)
  const service = { application, all, dispatch, listens }
  const http = new HttpDoor(service)

  return {
    revisions: STATELESS_REVISIONS,
    exchange: (exchange, received) => http.exchange(exchange, received),
    connect: (wire) => new StatelessLine(service, wire),
    close: () => listens.close(),
  }
}
