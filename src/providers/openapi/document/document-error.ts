import { FastMCPError } from '../../../protocol/errors.ts'

/** A document that nothing can be made of; the message says what is wrong with it and what to do next. */
export function unusable(problem: string, options?: ErrorOptions): FastMCPError {
  return new FastMCPError('OPENAPI_DOCUMENT', `The OpenAPI document ${problem}`, options)
}
