import type { Awaitable } from '../engine/call.ts'
import { disposalOf } from '../engine/disposal.ts'
import { Gate } from '../engine/gate.ts'
import { type Home, NO_HOME } from '../engine/home.ts'
import { later } from '../engine/timer.ts'
import { DefinitionError, FastMCPError } from '../protocol/errors.ts'
import type { Part } from './lifespan.ts'

/** The home of a server, and the part of it that opens and ends its app. */
export interface OwnHome extends Home {
  readonly part: Part | undefined
}

/** Makes the home of a server whose app `open` gives; without it there is none. */
export function createHome(open: (() => Awaitable<unknown>) | undefined): OwnHome {
  // Each is a home of its own, so that a call can tell to which it has come.
  if (open === undefined) return { ...NO_HOME, part: undefined }
  if (typeof open !== 'function') {
    throw new DefinitionError('server', 'lifespan must be a function, as in lifespan: async () => ({ pool })')
  }
  const empty = new Gate()
  let opened: { readonly app: unknown } | undefined
  let calls = 0

  const close = async (): Promise<void> => {
    const app = opened?.app
    if (calls > 0) await openedOrLate(empty)
    opened = undefined
    await disposalOf(app)?.()
  }

  return {
    hasApp: true,
    get app() {
      if (opened === undefined)
        throw new FastMCPError('CLOSED', 'The server was closed, and what its lifespan gave with it')
      return opened.app
    },
    enter: () => {
      calls++
    },
    leave() {
      if (--calls === 0) empty.open()
    },
    part: {
      async start() {
        opened = { app: await open() }
        return close
      },
    },
  }
}

/** How long calls that use the app may go on once it is to end. */
const LEAVE_MS = 5_000

function openedOrLate(gate: Gate): Promise<void> {
  return new Promise((resolve) => {
    const timer = later(resolve, LEAVE_MS)
    void gate.wait().then(() => {
      clearTimeout(timer)
      resolve()
    })
  })
}
