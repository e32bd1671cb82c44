import type { Ability } from './abilities.ts'
import type { ClientFace, Origin } from './origin.ts'

/** What the client told of itself, and what it can do by that. */
export class ClientView implements ClientFace {
  readonly info: ClientFace['info']
  readonly capabilities: ClientFace['capabilities']
  readonly #origin: Origin

  constructor(origin: Origin) {
    this.#origin = origin
    this.info = origin.client.info
    this.capabilities = origin.client.capabilities
  }

  /** Whether the client can be asked for something, or speaks an extension. */
  can(ability: Ability): boolean {
    return this.#origin.can(ability)
  }
}
