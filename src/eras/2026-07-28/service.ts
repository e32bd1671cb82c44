import type { Application } from '../../engine/application.ts'
import type { Cancellation } from '../../engine/inflight.ts'
import type { Dispatch } from './dispatch.ts'
import type { Listens } from './listen.ts'

/** What the doors of this era, HTTP and connections, have in common: one per server. */
export interface Service {
  readonly application: Application
  /** Every revision of the server, for the error that offers them. */
  readonly all: readonly string[]
  readonly dispatch: Dispatch
  readonly listens: Listens
  /** The exchanges whose handlers want to hear when they are not wanted any more. */
  readonly cancellable: Set<Cancellation>
}
