import type { ToolDefinition } from '../../protocol/definitions.ts'
import type { McpError } from '../../protocol/errors.ts'
import { valueAt } from '../../protocol/value-at.ts'
import { readHeaderParams } from '../../schema/header-params.ts'
import { absence, contradiction, decodeValue, type Headers, headerOf, unreadable } from './headers.ts'

/** An argument that a header repeats (transports/streamable-http, Custom Headers from Tool Parameters). */
interface Declaration {
  /** Keys from the root of the arguments. */
  readonly path: readonly string[]
  /** As it is written, for messages. */
  readonly name: string
  /** As it is looked up. */
  readonly header: string
  readonly numeric: boolean
}

const compiled = new WeakMap<ToolDefinition, readonly Declaration[]>()

/**
 * What is wrong with the `Mcp-Param-*` headers of a call: where an argument that declares one has a
 * value, the header must be there and say the same. Undefined for nothing.
 */
export function paramHeaderProblem(definition: ToolDefinition, args: unknown, headers: Headers): McpError | undefined {
  for (const declaration of declarationsOf(definition)) {
    const problem = problemOf(declaration, args, headers)
    if (problem !== undefined) return problem
  }
  return undefined
}

function declarationsOf(definition: ToolDefinition): readonly Declaration[] {
  let known = compiled.get(definition)
  if (known === undefined) {
    known = readHeaderParams(definition.inputSchema).params.map(({ path, label, integer }) => {
      const name = `Mcp-Param-${label}`
      return { path, name, header: name.toLowerCase(), numeric: integer }
    })
    compiled.set(definition, known)
  }
  return known
}

function problemOf(declaration: Declaration, args: unknown, headers: Headers): McpError | undefined {
  const said = headerOf(headers, declaration.header)
  const decoded = said === undefined ? undefined : decodeValue(said)
  if (said !== undefined && decoded === undefined) return unreadable(declaration.name)
  const value = valueAt(args, declaration.path)
  const meant = asText(value)
  // No value, nothing to repeat. A list or an object breaks the schema, and the tool tells that better.
  if (meant === undefined) return undefined
  if (decoded === undefined) return absence(declaration.name)
  if (decoded === meant || (declaration.numeric && equalsNumber(decoded, value))) return undefined
  return contradiction(declaration.name)
}

function asText(value: unknown): string | undefined {
  if (typeof value === 'string') return value
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined
}

const DECIMAL = /^-?\d+(?:\.\d+)?$/

/** `42.0` is 42. Beyond the safe range two integers can look alike, so there only the text counts. */
function equalsNumber(text: string, value: unknown): boolean {
  if (typeof value !== 'number' || !DECIMAL.test(text)) return false
  return Number(text) === value && (Number.isSafeInteger(value) || !Number.isInteger(value))
}
