import { FastMCPError } from '../protocol/errors.ts'

/**
 * Thrown through a handler that has asked something and cannot go on in this run: `finally` runs, the
 * questions go out, and the handler is run again from the top with the answers. Catching it changes
 * nothing: what was asked is asked. Its code is `INPUT_REQUIRED`.
 */
export class Unwinding extends FastMCPError {
  constructor() {
    super('INPUT_REQUIRED', 'The client is being asked; the handler runs again with the answers')
  }
}
