import type { Members } from '../../client/index.ts'
import { principalOf } from '../../engine/auth.ts'
import { backstageOf } from '../../engine/backstage.ts'
import type { Context } from '../../engine/context.ts'
import { Unwinding } from '../../engine/unwinding.ts'
import { McpError } from '../../protocol/errors.ts'
import { Conversation, type Waiting } from './conversation.ts'

/** Begins a call of a server elsewhere. */
export type Begin = (conversation: Conversation<Members>, signal: AbortSignal) => Promise<Members>

/**
 * Leads a call to its end at a server that waits for the answers to its questions, and puts those to the caller. Where the
 * caller answers with another request, the call waits for that one: it is made once, however many rounds there are. `name`
 * is the same in every run of this call.
 */
export async function converse(context: Context, waiting: Waiting, call: NamedCall): Promise<Members> {
  const id = await noted<string>(context, call.name)
  const done = id === undefined ? undefined : await noted<Members>(context, `${call.name}-done`)
  if (done !== undefined) return done
  // Kept under what only its caller can name, so it gives what calls of this kind give.
  const kept = id === undefined ? undefined : (waiting.take(keyOf(context, id)) as Conversation<Members> | undefined)
  if (id !== undefined && kept === undefined) {
    throw new McpError('INTERNAL_ERROR', 'The call that was asked about is gone; make it again')
  }
  const conversation = kept ?? new Conversation<Members>(context, call.begin)
  conversation.context = context
  try {
    const value = await untilDone(conversation, context, call.name)
    // Should the caller be asked something else afterwards, this is not done once more.
    if (conversation.settled > 0) await context.once(`${call.name}-done`, () => value)
    return value
  } catch (problem) {
    if (problem instanceof Unwinding) {
      const own = await context.once(call.name, () => crypto.randomUUID())
      waiting.keep(keyOf(context, own), conversation as Conversation<never>)
    } else {
      conversation.end(problem instanceof Error ? problem : new Error('The call has failed', { cause: problem }))
    }
    throw problem
  }
}

/** A call, and what it is called in all runs. */
export interface NamedCall {
  readonly name: string
  readonly begin: Begin
}

function keyOf(context: Context, id: string): string {
  return JSON.stringify([principalOf(context.auth), id])
}

const UNKNOWN = new Error('Nothing has been noted')

/** What was noted in an earlier run; undefined for nothing. */
async function noted<T>(context: Context, key: string): Promise<T | undefined> {
  try {
    return await context.once<T>(key, () => {
      throw UNKNOWN
    })
  } catch (problem) {
    if (problem === UNKNOWN) return undefined
    throw problem
  }
}

async function untilDone(conversation: Conversation<Members>, context: Context, name: string): Promise<Members> {
  const { signal } = context
  const onAbort = (): void => conversation.end(signal.reason instanceof Error ? signal.reason : CANCELLED)
  signal.addEventListener('abort', onAbort)
  try {
    signal.throwIfAborted()
    for (;;) {
      const event = await conversation.next()
      if (event.kind === 'done') return event.value
      const questions = [...conversation.questions]
      const outcomes = await Promise.allSettled(
        questions.map(({ method, params }, i) =>
          backstageOf(context).asking.ask(`${name}-${conversation.settled + i + 1}`, method, params),
        ),
      )
      // Nothing is answered before everything is: the questions are asked again by the request that has the answers.
      const unwinding = outcomes.find((outcome) => outcome.status === 'rejected' && outcome.reason instanceof Unwinding)
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
