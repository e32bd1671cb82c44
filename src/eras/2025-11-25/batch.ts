import type { Awaitable } from '../../engine/call.ts'
import type { McpError } from '../../protocol/errors.ts'
import { isRecord, receive } from '../../protocol/json-rpc.ts'
import type { MessageText } from '../text.ts'
import { invalidRequest } from './failures.ts'
import { type Place, takeIn } from './intake.ts'
import type { Party } from './party.ts'
import type { Served } from './serve.ts'

type Elements = readonly unknown[]

/** Why a batch is refused as a whole, before any of its elements is looked into; undefined: it is not. */
export function batchProblem(elements: Elements, party: Party, most: number): McpError | undefined {
  if (!party.revision.batches) return invalidRequest(`Protocol revision ${party.revision.name} has no batches`)
  if (elements.length === 0) return invalidRequest('A batch needs at least one message')
  if (elements.length > most) return invalidRequest(`A batch can hold at most ${most} messages`)
  // 2025-03-26 basic/lifecycle, Initialization.
  const greets = elements.some((element) => isRecord(element) && element.method === 'initialize')
  return greets ? invalidRequest('initialize cannot be part of a batch') : undefined
}

/** Serves the messages of a batch side by side. Gives the answers of those that want one, in order. */
export function serveBatch(elements: Elements, place: Place): Awaitable<readonly MessageText[]> {
  const answers = elements.map((element) => takeIn(receive(element), place))
  return answers.some(isPending) ? Promise.all(answers).then(present) : present(answers)
}

function isPending(answer: Awaitable<Served>): boolean {
  return answer instanceof Promise
}

function present(answers: readonly Awaitable<Served>[]): readonly MessageText[] {
  return answers.filter((answer): answer is MessageText => answer !== undefined && !isPending(answer))
}
