import type { McpError } from '../protocol/errors.ts'
import type { RequestId } from '../protocol/json-rpc.ts'
import { KeptText, type MessageText, type ResultText, SplicedText } from './text.ts'

/** The text of a good answer around the text of its result. */
export function answerText(id: RequestId, result: ResultText): MessageText {
  const before = `{"jsonrpc":"2.0","id":${typeof id === 'number' ? id : JSON.stringify(id)},"result":`
  return typeof result === 'string' ? `${before}${result}}` : new SplicedText(before, result)
}

/** The text of a bad answer; without an id where the request's could not be read. An era may know the error by another code. */
export function failureText(id: RequestId | undefined, problem: McpError, code: number = problem.rpcCode): string {
  const error = { code, message: problem.message, data: problem.data }
  return JSON.stringify(id === undefined ? { jsonrpc: '2.0', error } : { jsonrpc: '2.0', id, error })
}

/** The text of a notification. */
export function notificationText(method: string, params: Readonly<Record<string, unknown>>): string {
  return JSON.stringify({ jsonrpc: '2.0', method, params })
}

/**
 * Makes `encode` remember its text by the identity of the result. For results that stay the same
 * frozen object until something changes, such as the pages of a list: nothing else may pass.
 */
export function remember<T extends object>(encode: (result: T) => string): (result: T) => ResultText {
  const known = new WeakMap<T, KeptText>()
  return (result) => {
    const kept = known.get(result)
    if (kept !== undefined) return kept
    const text = encode(result)
    if (!Object.isFrozen(result)) return text
    const keeping = new KeptText(text)
    known.set(result, keeping)
    return keeping
  }
}
