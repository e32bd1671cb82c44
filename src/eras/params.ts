import { McpError } from '../protocol/errors.ts'
import { isRecord, type Params } from '../protocol/json-rpc.ts'
import type { Method } from '../protocol/methods.ts'

/** An operation that reaches the server in the same form in every era. */
export type Operation = Exclude<Method, 'initialize' | 'server/discover'>

type Check = (params: Params) => void

/** A `Map`, so that no method name of an attacker finds what objects inherit. */
const CHECKS: ReadonlyMap<string, Check> = new Map<Operation, Check>([
  ['tools/list', checkCursor],
  ['tools/call', checkToolCall],
  ['resources/list', checkCursor],
  ['resources/templates/list', checkCursor],
  ['resources/read', (params) => checkText(params, 'uri')],
  ['prompts/list', checkCursor],
  ['prompts/get', checkPrompt],
  ['completion/complete', checkCompletion],
])

const NO_PARAMS: Params = Object.freeze({})

/** Whether a method is an operation of the server. */
export function isOperation(method: string): method is Operation {
  return CHECKS.has(method)
}

/**
 * Checks the shape of an operation's parameters and returns them as they came: their type is then
 * `ParamsOf<M>`. Throws `INVALID_PARAMS` that names the member. What a tool takes inside its
 * `arguments` is the tool's own matter.
 */
export function checkParams(method: Operation, params: Params | undefined): Params {
  const given = params ?? NO_PARAMS
  CHECKS.get(method)?.(given)
  return given
}

/**
 * Refuses what is no string, and half surrogate pairs: they turn into U+FFFD on their way, so that
 * two different names could become the same one.
 */
export function checkText(holder: Params, member: string): void {
  const text = holder[member]
  if (typeof text !== 'string') throw invalid(`"${member.slice(0, 100)}" must be a string`)
  if (LONE_SURROGATE.test(text)) throw invalid(`"${member.slice(0, 100)}" holds half of a surrogate pair`)
}

const LONE_SURROGATE = /\p{Surrogate}/u

function checkCursor(params: Params): void {
  if (params.cursor !== undefined) checkText(params, 'cursor')
}

function checkToolCall(params: Params): void {
  checkText(params, 'name')
  if (params.arguments !== undefined) recordAt(params, 'arguments')
}

function checkPrompt(params: Params): void {
  checkText(params, 'name')
  if (params.arguments !== undefined) checkTexts(recordAt(params, 'arguments'))
}

function checkCompletion(params: Params): void {
  const ref = recordAt(params, 'ref')
  if (ref.type === 'ref/prompt') checkText(ref, 'name')
  else if (ref.type === 'ref/resource') checkText(ref, 'uri')
  else throw invalid('"ref.type" must be "ref/prompt" or "ref/resource"')

  const argument = recordAt(params, 'argument')
  checkText(argument, 'name')
  checkText(argument, 'value')
  if (params.context === undefined) return
  const context = recordAt(params, 'context')
  if (context.arguments !== undefined) checkTexts(recordAt(context, 'arguments'))
}

function recordAt(holder: Params, member: string): Params {
  const value = holder[member]
  if (!isRecord(value)) throw invalid(`"${member}" must be an object`)
  return value
}

function checkTexts(holder: Params): void {
  for (const member of Object.keys(holder)) checkText(holder, member)
}

function invalid(problem: string): McpError {
  return new McpError('INVALID_PARAMS', `Invalid parameters: ${problem}`)
}
