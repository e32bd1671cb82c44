import { type JsonSchemaValidator, type jsonSchemaValidator, ProtocolError } from '@modelcontextprotocol/client'
import { CfWorkerJsonSchemaValidator } from '@modelcontextprotocol/client/validators/cf-worker'
import { ClientError } from './errors.ts'

/**
 * How the official client checks structured results against the schemas of listed tools.
 *
 * It asks for the validators of every tool at the first call after each list, and refuses to
 * call a tool whose schema its engine rejects. So the work is put off to the first result that
 * needs it, an engine that generates no code is used in place of the compiling default, and a
 * schema that this engine cannot read checks nothing: the server owns its schema, and a client
 * that cannot read it should still be able to call the tool. Tools that were never listed are
 * not checked, and nothing is listed behind the caller's back.
 */
export const outputCheck: jsonSchemaValidator = {
  getValidator<T>(schema: object): JsonSchemaValidator<T> {
    let validate: JsonSchemaValidator<T> | undefined
    return (input) => {
      validate ??= prepare<T>(schema)
      const checked = validate(input)
      if (!checked.valid) throw mismatch(checked.errorMessage)
      return checked
    }
  },
}

const engine = new CfWorkerJsonSchemaValidator()

function prepare<T>(schema: object): JsonSchemaValidator<T> {
  try {
    const validate = engine.getValidator<T>(schema)
    return (input) => {
      try {
        return validate(input)
      } catch {
        return accept<T>(input)
      }
    }
  } catch {
    return accept<T>
  }
}

function accept<T>(input: unknown): { valid: true; data: T; errorMessage: undefined } {
  return { valid: true, data: input as T, errorMessage: undefined } // unchecked by intention
}

/** The official client lets only its own class of errors through unchanged. */
function mismatch(details: string): ProtocolError {
  const problem = new ClientError('INVALID_ANSWER', `The result does not match the tool's output schema: ${details}`)
  return new ProtocolError(-32_603, problem.message, problem)
}
