import type { Members } from '../../client/index.ts'
import { isAskMethod } from '../../engine/answers.ts'
import { backstageOf } from '../../engine/backstage.ts'
import type { Context } from '../../engine/context.ts'
import { MOST_ROUNDS } from '../../engine/journal.ts'
import { Unwinding } from '../../engine/unwinding.ts'
import type { Ask } from '../../protocol/asks.ts'
import { McpError } from '../../protocol/errors.ts'
import { isRecord } from '../../protocol/json-rpc.ts'

/** A call at a server that answers with its questions and is asked again with the answers. */
export interface RoundCall {
  /** The same in every run of this call. */
  readonly name: string
  /** Asks, with `more` among the parameters: answers, and the state that the server wants back. */
  ask(more: Members): Promise<Members>
}

const MOST_QUESTIONS = 32
/** A server that only wants to be asked again is not asked at once. */
const PAUSE_MS = 250

/**
 * Leads such a call to its end, and puts the questions to the caller. Each round is noted: where the caller answers with
 * another request, or is asked something else afterwards, no round is made twice.
 */
export async function inRounds(context: Context, { name, ask }: RoundCall): Promise<Members> {
  let more: Members = {}
  for (let round = 1; round <= MOST_ROUNDS + 1; round++) {
    const result = await roundOf(context, `${name}-${round}`, () => ask(more))
    if (result.resultType !== 'input_required') return result
    const asks = asksIn(result)
    const { requestState } = result
    const state = typeof requestState === 'string' ? { requestState } : {}
    if (asks.length === 0) await pause(context.signal)
    const answers = await answersTo(asks, context, name)
    more = { ...(asks.length > 0 && { inputResponses: answers }), ...state }
  }
  throw new McpError('INVALID_REQUEST', `After ${MOST_ROUNDS} rounds of questions there is still one`)
}

/** Thrown past the journal, which keeps only what asks: results are not worth its room. */
class Complete extends Error {
  readonly result: Members

  constructor(result: Members) {
    super('A complete result')
    this.result = result
  }
}

async function roundOf(context: Context, key: string, ask: () => Promise<Members>): Promise<Members> {
  try {
    return await context.once(key, async () => {
      const result = await ask()
      if (result.resultType === 'input_required') return result
      throw new Complete(result)
    })
  } catch (problem) {
    if (problem instanceof Complete) return problem.result
    throw problem
  }
}

async function answersTo(
  asks: readonly (readonly [key: string, Ask])[],
  context: Context,
  name: string,
): Promise<Members> {
  const { asking, way } = backstageOf(context)
  const outcomes = await Promise.allSettled(
    asks.map(([key, { method, params }]) =>
      // The names of questions are the server's own, unless others ask in the same call.
      asking.ask(way.depth > 0 ? `${name}-${key}` : key, method, params),
    ),
  )
  const failed = outcomes.filter((outcome) => outcome.status === 'rejected').map(({ reason }) => reason as unknown)
  const unwinding = failed.find((reason) => reason instanceof Unwinding)
  if (unwinding !== undefined) throw unwinding
  if (failed.length > 0) throw failed[0]
  return Object.fromEntries(asks.map(([key], i) => [key, answerIn(outcomes[i])]))
}

function answerIn(outcome: PromiseSettledResult<unknown> | undefined): unknown {
  return outcome?.status === 'fulfilled' ? outcome.value : undefined
}

function asksIn({ inputRequests }: Members): readonly (readonly [key: string, Ask])[] {
  const asks = Object.entries(isRecord(inputRequests) ? inputRequests : {})
  if (asks.length > MOST_QUESTIONS) throw unusable(`more than ${MOST_QUESTIONS} questions at once`)
  return asks.map(([key, asked]) => {
    if (!isRecord(asked) || typeof asked.method !== 'string' || !isAskMethod(asked.method))
      throw unusable('a question that is none of the protocol')
    return [key, { method: asked.method, params: isRecord(asked.params) ? asked.params : {} }] as const
  })
}

function unusable(what: string): McpError {
  return new McpError('INTERNAL_ERROR', `The server behind this one has asked ${what}`)
}

async function pause(signal: AbortSignal): Promise<void> {
  signal.throwIfAborted()
  await new Promise<void>((resolve, reject) => {
    const onAbort = (): void => {
      clearTimeout(timer)
      reject(signal.reason)
    }
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', onAbort)
      resolve()
    }, PAUSE_MS)
    signal.addEventListener('abort', onAbort, { once: true })
  })
}
