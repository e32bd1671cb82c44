import type { ProvidedSample } from '../engine/sampling.ts'
import type { SamplingContent, SamplingMessage, SamplingParams, SamplingResult } from '../protocol/asks.ts'
import { isRecord } from '../protocol/json-rpc.ts'
import { ClientError } from './errors.ts'

/** The name of a model that was not told. */
const UNTOLD = 'unspecified'

/** Checks what a server wants sampled; throws what is wrong with it. */
export function readSampleRequest(
  params: Readonly<Record<string, unknown>>,
  { tools }: { readonly tools: boolean },
): SamplingParams {
  if (!tools && (params.tools !== undefined || params.toolChoice !== undefined)) {
    throw new ClientError('INVALID_ASK', 'The model of this client uses no tools')
  }
  const { messages } = params as unknown as SamplingParams // the official client has checked it
  const problem = unpaired(messages.map(partsOf))
  if (problem !== undefined) throw new ClientError('INVALID_ASK', `The messages to sample from are wrong: ${problem}`)
  return params as unknown as SamplingParams // as above
}

/** A plain text is an answer that ended by itself. */
export function toSampleResult(returned: ProvidedSample): SamplingResult {
  if (typeof returned === 'string') {
    return { role: 'assistant', content: { type: 'text', text: returned }, model: UNTOLD, stopReason: 'endTurn' }
  }
  if (isRecord(returned) && returned.content !== undefined) return { ...returned, role: 'assistant' }
  throw new ClientError('HANDLER_FAILED', 'onSample must return text, or an object with content and model')
}

function partsOf({ role, content }: SamplingMessage): {
  readonly role: string
  readonly parts: readonly SamplingContent[]
} {
  return { role, parts: Array.isArray(content) ? content : [content as SamplingContent] } // isArray does not narrow read-only lists
}

/**
 * Every use of a tool is answered in the very next message, which holds nothing else: a model's
 * provider refuses anything else, in words that nobody understands (client/sampling, Tool Results).
 */
function unpaired(messages: readonly ReturnType<typeof partsOf>[]): string | undefined {
  let open = new Set<string>()
  for (const { parts } of messages) {
    const results = parts.filter((part) => part.type === 'tool_result')
    if (results.length > 0 && results.length < parts.length) return 'results of tools are mixed with other content'
    const answered = new Set(results.map(({ toolUseId }) => toolUseId))
    const wanting = [...open].find((id) => !answered.has(id))
    if (wanting !== undefined) return `the use of a tool "${wanting}" has no result`
    const foreign = [...answered].find((id) => !open.has(id))
    if (foreign !== undefined) return `the result "${foreign}" belongs to no use of a tool`
    open = new Set(parts.flatMap((part) => (part.type === 'tool_use' ? [part.id] : [])))
  }
  return open.size === 0 ? undefined : 'the use of a tool has no result'
}
