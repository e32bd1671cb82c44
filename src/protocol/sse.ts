/** Fields of a server-sent event besides its data. */
export interface EventFields {
  readonly id?: string
  /** Milliseconds the client should wait before it connects again. */
  readonly retry?: number
}

/** A comment that keeps a quiet stream open. */
export const KEEP_ALIVE = ':\n\n'

/**
 * Frames one JSON-RPC message (or '' to prime a reconnect) as a server-sent event. `data` must
 * hold no line break, which is true of every text that `JSON.stringify` makes.
 */
export function frame(data: string, fields?: EventFields): string {
  const id = fields?.id === undefined ? '' : `id: ${fields.id}\n`
  const retry = fields?.retry === undefined ? '' : `retry: ${fields.retry}\n`
  return `${id}${retry}event: message\ndata: ${data}\n\n`
}
