import type { Cancellation } from '../../engine/inflight.ts'
import type { ClientFace } from '../../engine/origin.ts'
import type { RequestId, RpcNotification, RpcResponse } from '../../protocol/json-rpc.ts'
import type { LogLevel } from '../../protocol/methods.ts'
import { REVISIONS, type Revision } from './revisions.ts'

/** The other side of a request: a session, or a guest who came without one. */
export interface Party {
  /** The session id, visible to handlers. */
  readonly id: string | undefined
  readonly revision: Revision
  readonly client: ClientFace
  /** The least severe log level it wants. */
  readonly logLevel: LogLevel | undefined
  /** Enters a request. Throws `INVALID_REQUEST` when its id is in flight. A guest's request cannot be cancelled by id. */
  begin(id: RequestId): Cancellation | undefined
  end(id: RequestId): void
  notified(message: RpcNotification): void
  answered(message: RpcResponse): void
}

/** What is known of a client that has not said who it is. */
export const STRANGER: ClientFace = Object.freeze({ info: undefined, capabilities: Object.freeze({}) })

/** A client without a session: every request stands alone, so there is nothing to remember between two. */
export class Guest implements Party {
  readonly id = undefined
  readonly revision: Revision
  readonly client: ClientFace = STRANGER
  /** It has nowhere to set one, and a plain request deserves a plain answer. */
  readonly logLevel = undefined

  constructor(revision: Revision) {
    this.revision = revision
  }

  begin(_id: RequestId): undefined {
    return undefined
  }

  end(_id: RequestId): void {}
  notified(_message: RpcNotification): void {}
  answered(_message: RpcResponse): void {}
}

const GUESTS: ReadonlyMap<Revision, Guest> = new Map(REVISIONS.map((revision) => [revision, new Guest(revision)]))

/** The guest that speaks a revision. Guests hold no state, so there is one per revision. */
export function guestOf(revision: Revision): Guest {
  return GUESTS.get(revision) ?? new Guest(revision)
}
