import type { McpError } from '../protocol/errors.ts'
import type { Origin } from './origin.ts'

/** The signal of one call, made when somebody first looks at it. */
export class CallSignal {
  #abort: AbortController | undefined
  #ended: McpError | undefined

  /** Whether anybody has looked. */
  get isHeeded(): boolean {
    return this.#abort !== undefined
  }

  /** The signal, which follows the one of the call around this one, or else what the client does. */
  of(origin: Origin, outer: { readonly signal: AbortSignal } | undefined): AbortSignal {
    if (this.#abort !== undefined) return this.#abort.signal
    const abort = new AbortController()
    this.#abort = abort
    if (this.#ended !== undefined) abort.abort(this.#ended)
    else if (outer === undefined) origin.onCancel((reason) => abort.abort(reason))
    else follow(outer.signal, abort)
    return abort.signal
  }

  cancel(reason: McpError): void {
    this.#ended ??= reason
    this.#abort?.abort(reason)
  }
}

function follow(signal: AbortSignal, abort: AbortController): void {
  if (signal.aborted) abort.abort(signal.reason)
  else signal.addEventListener('abort', () => abort.abort(signal.reason), { once: true })
}
