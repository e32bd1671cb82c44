import type { AskMethod, InputResponse } from '../protocol/asks.ts'
import { isRecord } from '../protocol/json-rpc.ts'

/** Whether a method is a question that a client can be asked. */
export function isAskMethod(method: string): method is AskMethod {
  return CHECKS.has(method)
}

/**
 * Whether a client's answer has the shape that its question wants. What is inside is still the
 * client's: a form's content must be checked against its schema.
 */
export function isAnswerTo(method: AskMethod, answer: unknown): answer is InputResponse {
  return isRecord(answer) && CHECKS.get(method)?.(answer) === true
}

/** Whether a value could be the answer to some question. */
export function isAnswer(value: unknown): value is InputResponse {
  return isRecord(value) && [...CHECKS.values()].some((check) => check(value))
}

type Answer = Readonly<Record<string, unknown>>

const CHECKS: ReadonlyMap<string, (answer: Answer) => boolean> = new Map<AskMethod, (answer: Answer) => boolean>([
  ['elicitation/create', isElicited],
  ['sampling/createMessage', isSampled],
  ['roots/list', ({ roots }) => Array.isArray(roots) && roots.every(isRoot)],
])

function isElicited({ action, content }: Answer): boolean {
  if (action === 'decline' || action === 'cancel') return true
  return action === 'accept' && (content === undefined || (isRecord(content) && Object.values(content).every(isEntry)))
}

/** Clients send null for a field that was left empty. */
function isEntry(value: unknown): boolean {
  if (Array.isArray(value)) return value.every((item) => typeof item === 'string')
  return value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
}

function isSampled({ role, content, model, stopReason }: Answer): boolean {
  const blocks: readonly unknown[] = Array.isArray(content) ? content : [content]
  return (
    (role === 'assistant' || role === 'user') &&
    typeof model === 'string' &&
    (stopReason === undefined || typeof stopReason === 'string') &&
    blocks.every(isSamplingContent)
  )
}

function isSamplingContent(block: unknown): boolean {
  if (!isRecord(block)) return false
  switch (block.type) {
    case 'text':
      return typeof block.text === 'string'
    case 'image':
    case 'audio':
      return typeof block.data === 'string' && typeof block.mimeType === 'string'
    case 'tool_use':
      return typeof block.id === 'string' && typeof block.name === 'string' && isRecord(block.input)
    case 'tool_result':
      return typeof block.toolUseId === 'string' && Array.isArray(block.content) && block.content.every(isRecord)
    default:
      return false
  }
}

function isRoot(root: unknown): boolean {
  return isRecord(root) && typeof root.uri === 'string' && (root.name === undefined || typeof root.name === 'string')
}
