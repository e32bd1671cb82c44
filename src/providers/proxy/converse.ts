import { principalOf } from '../../engine/auth.ts'
import type { Context } from '../../engine/context.ts'
import { Unwinding } from '../../engine/unwinding.ts'
import { McpError } from '../../protocol/errors.ts'
import { Conversation, type Waiting } from './conversation.ts'

/** Begins a call of a server elsewhere. */
export type Begin<T> = (conversation: Conversation<T>, signal: AbortSignal) => Promise<T>

/**
 * Leads a call of a server elsewhere to its end, and puts its questions to the caller. Where the caller answers with another
 * request, the call waits for that one: it is made once, however many rounds there are.
 */
export async function converse<T>(context: Context, waiting: Waiting, begin: Begin<T>): Promise<T> {
  let isFirst = false
  // Made in the first run alone and told again in the others; nobody but the caller gets to see it, sealed.
  const name = context.server.keyFor('proxy')
  const id = await context.once(name, () => {
    isFirst = true
    return crypto.randomUUID()
  })
  const key = JSON.stringify([principalOf(context.auth), id])
  // Kept calls give what calls of this kind give.
  const kept = waiting.take(key) as Conversation<T> | undefined
  if (kept === undefined && !isFirst) {
    throw new McpError('INTERNAL_ERROR', 'The call that was asked about is gone; make it again')
  }
  const conversation = kept ?? new Conversation(begin)
  try {
    const value = await untilDone(conversation, context, name)
    return value
  } catch (problem) {
    if (problem instanceof Unwinding) waiting.keep(key, conversation as Conversation<never>)
    else conversation.end(problem instanceof Error ? problem : new Error('The call has failed', { cause: problem }))
    throw problem
  }
}

async function untilDone<T>(conversation: Conversation<T>, context: Context, name: string): Promise<T> {
  const { signal } = context
  const onAbort = (): void => conversation.end(signal.reason instanceof Error ? signal.reason : CANCELLED)
  signal.addEventListener('abort', onAbort)
  try {
    signal.throwIfAborted()
    for (;;) {
      const event = await conversation.next()
      if (event.kind === 'done') return event.value
      const questions = [...conversation.questions]
      const answers = questions.map(({ method, params }, i) =>
        context.server.askClient(method, params, `${name}-${conversation.settled + i + 1}`),
      )
      const outcomes = await Promise.allSettled(answers)
      const unwinding = outcomes.find(({ status, ...rest }) => status === 'rejected' && isUnwinding(rest))
      // Nothing is answered before everything is: the questions are asked again by the request that has the answers.
      if (unwinding !== undefined) throw new Unwinding()
      for (const [i, outcome] of outcomes.entries()) {
        const question = questions[i]
        if (question === undefined) continue
        if (outcome.status === 'fulfilled') conversation.answer(question, outcome.value)
        else conversation.refuse(question, outcome.reason)
      }
    }
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}

const CANCELLED = new McpError('CANCELLED', 'The call was cancelled')

function isUnwinding(outcome: object): boolean {
  return 'reason' in outcome && outcome.reason instanceof Unwinding
}
