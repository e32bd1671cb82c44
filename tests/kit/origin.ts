import { isAble } from '../../src/engine/abilities.ts'
import type { Application } from '../../src/engine/application.ts'
import { Journal } from '../../src/engine/journal.ts'
import type { Origin } from '../../src/engine/origin.ts'
import { application } from './stateless.ts'

/** A request from nowhere, with nobody to ask; `part` says what is different. */
export function originOf(part: Partial<Origin> = {}): Origin {
  const journal = new Journal()
  const server: Application = application()
  return {
    application: server,
    requestId: 1,
    revision: 'any',
    client: { info: undefined, capabilities: {} },
    auth: undefined,
    sessionId: undefined,
    meta: undefined,
    logLevel: undefined,
    inputResponses: {},
    requestState: undefined,
    unwinding: false,
    header: () => undefined,
    headers: () => ({}),
    can: (ability) => isAble(ability, part.client?.capabilities ?? {}),
    notify: () => undefined,
    ask: () => Promise.reject(new Error('nobody to ask')),
    once: (key, work) => journal.once(key, work),
    require: () => new Error('nobody to ask'),
    onCancel: () => undefined,
    ...part,
  }
}
