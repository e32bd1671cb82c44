import { McpError } from '../protocol/errors.ts'
import type { Method, ParamsOf, ResultOf } from '../protocol/methods.ts'
import type { Backstage } from './backstage.ts'
import type { Call } from './call.ts'
import type { Context } from './context.ts'

/** How many calls may be on the way of one another. */
const DEEPEST = 16

/**
 * The server that the client talks to, asked on the way of a call: what is asked here goes the way that a call of the client
 * goes, through every layer, with the rights of the caller.
 */
export class OuterServer {
  readonly #at: Backstage

  constructor(at: Backstage) {
    this.#at = at
  }

  /** What the caller calls a tool, prompt or resource of the handler's server: it may be mounted under other names. */
  outside(kind: 'tool' | 'prompt' | 'resource', id: string): string {
    return this.#at.way.outward?.above(kind, id) ?? id
  }

  /**
   * Asks one operation, by the names that the caller knows. Give a name where several are asked in an order that may be
   * another whenever the handler runs again: by it their questions, and what they do once, are told apart.
   */
  ask<M extends Method>(method: M, params: ParamsOf<M>, name?: string): Promise<ResultOf<M>> {
    return this.#handle({ method, params, context: this.#at.below({ name }) })
  }

  /** Gives the whole call to another operation, by the names that the caller knows: its progress is that of this one. */
  delegate<M extends Method>(method: M, params: ParamsOf<M>): Promise<ResultOf<M>> {
    return this.#handle({ method, params, context: this.#at.below({ isPart: true }) })
  }

  async #handle<M extends Method>(asked: Asked<M>): Promise<ResultOf<M>> {
    if (this.#at.way.depth >= DEEPEST) throw new McpError('INVALID_REQUEST', 'Calls call one another without end')
    // Method and parameters fit, and the result is that of the method.
    return (await this.#at.origin.application.handle(asked as Call)) as ResultOf<M>
  }
}

interface Asked<M extends Method> {
  readonly method: M
  readonly params: ParamsOf<M>
  readonly context: Context
}
