import { McpError } from '../protocol/errors.ts'

/** A source that is elsewhere cannot be asked now: what others have is shown and served all the same. */
export class AwayError extends McpError {
  constructor(message: string, options?: ErrorOptions) {
    super('INTERNAL_ERROR', message, options)
  }
}
