import type { SamplingContent, SamplingMessage, SamplingParams, SamplingResult } from '../protocol/asks.ts'
import { DefinitionError, FastMCPError, McpError, ToolError } from '../protocol/errors.ts'
import type { Params } from '../protocol/json-rpc.ts'
import type { AnySchema, OutputOf } from '../schema/schema.ts'
import { type Ability, abilityFor, declarationOf } from './abilities.ts'
import { isAnswerTo } from './answers.ts'
import type { Asking, AskOptions } from './asking.ts'
import type { Awaitable } from './call.ts'
import { checkMessages } from './sampling-messages.ts'
import { type ModelOutput, modelOutput } from './sampling-output.ts'

/** A message to a model; a string is text. */
export type SampleMessage =
  | SamplingMessage
  | { readonly role: 'user' | 'assistant'; readonly content: string | readonly SamplingContent[] }

/** What to ask a model. */
export interface SampleRequest<S extends AnySchema | undefined = AnySchema | undefined>
  extends Omit<SamplingParams, 'messages' | 'maxTokens'> {
  /** The conversation; a string is one message of the user. */
  readonly messages: string | readonly SampleMessage[]
  /** Most tokens of the answer; default 1,024. */
  readonly maxTokens?: number
  /** The answer as data: the model is asked for JSON, which comes checked as `data`. */
  readonly output?: S
}

/** What a model answered. */
export interface Sampled {
  /** The text of the answer, joined. */
  readonly text: string
  readonly content: readonly SamplingContent[]
  readonly model: string
  readonly stopReason: string | undefined
}

/** What `ctx.sample` gives, by whether it was asked for data. */
export type SampledBy<S extends AnySchema | undefined> = S extends AnySchema
  ? Sampled & { readonly data: OutputOf<S> }
  : Sampled

/** What a model provider gives: a text, or an answer in the protocol's form. */
export type ProvidedSample = string | (Omit<SamplingResult, 'role'> & { readonly role?: 'assistant' })

/** A model of the server's own, asked where the client has none to offer. */
export type SamplingProvider = (
  request: SamplingParams,
  options: { readonly signal: AbortSignal },
) => Awaitable<ProvidedSample>

/** Who is asking, and until when. */
export interface SampleBy {
  readonly asking: Asking
  /** Made when a provider of the server's own needs it. */
  readonly signal: () => AbortSignal
}

const MAX_TOKENS = 1_024

/** Asks a model: the client's, or else the server's own. What is asked is recorded before this first waits. */
export async function sample(
  by: SampleBy,
  request: SampleRequest,
  { key: given }: AskOptions,
): Promise<Sampled & { readonly data?: unknown }> {
  const output = request.output && modelOutput(request.output)
  const params = samplingParams(request, output)
  const key = by.asking.keyFor('sampling', given)
  const first = toSampled(await askModel(by, key, params))
  if (output === undefined) return first
  const checked = await output.read(first.text)
  if (checked.ok) return { ...first, data: checked.data }
  const second = toSampled(await askModel(by, `${key}.2`, corrected(params, first, checked.problem)))
  const again = await output.read(second.text)
  if (again.ok) return { ...second, data: again.data }
  throw new ToolError(
    'VALIDATION_ERROR',
    `The model gave no answer that fits the output schema, twice: ${again.problem}`,
  )
}

/** The request as the protocol wants it. Throws `DefinitionError` for what no model can be asked. */
export function samplingParams(request: SampleRequest, output?: ModelOutput): SamplingParams {
  const { messages, output: _, maxTokens = MAX_TOKENS, systemPrompt, ...rest } = request
  if (!Number.isSafeInteger(maxTokens) || maxTokens < 1) {
    throw new DefinitionError('sampling', `maxTokens is ${maxTokens}; give a whole number above 0`)
  }
  if (output !== undefined && rest.tools !== undefined) {
    throw new DefinitionError('sampling', 'ask for tools or for output, not for both: a call of a tool is no data')
  }
  const prompt = [systemPrompt, output?.instruction].filter((part) => part !== undefined).join('\n\n')
  return {
    ...rest,
    messages: checkMessages(typeof messages === 'string' ? [said(messages)] : messages.map(normal)),
    maxTokens,
    ...(prompt !== '' && { systemPrompt: prompt }),
  }
}

async function askModel(by: SampleBy, key: string, params: SamplingParams): Promise<SamplingResult> {
  const { asking } = by
  const { origin } = asking
  const asked: Params = { ...params }
  const ability = abilityFor('sampling/createMessage', asked) ?? 'sampling'
  // The origin lets only answers through that have the shape of their question.
  if (origin.can(ability)) return (await asking.ask(key, 'sampling/createMessage', asked)) as SamplingResult
  const provider = origin.application.sampling
  if (provider === undefined) throw unableToSample(ability)
  // A model never says the same twice: what it said is kept for when the handler runs again.
  return origin.once(`model ${key}`, async () => provided(await provider(params, { signal: by.signal() })))
}

function unableToSample(ability: Ability): McpError {
  return new McpError(
    'MISSING_CLIENT_CAPABILITY',
    `This needs a model: a client with the capability "${ability}", or one of the server: new FastMCP({ sampling })`,
    { data: { requiredCapabilities: declarationOf(ability) } },
  )
}

function provided(sample: ProvidedSample): SamplingResult {
  const result =
    typeof sample === 'string'
      ? { ...said(sample, 'assistant'), model: 'unknown' }
      : { role: 'assistant' as const, ...sample }
  if (isAnswerTo('sampling/createMessage', result)) return result
  throw new FastMCPError(
    'BAD_SAMPLE',
    'The model provider must return a text, or { content, model, stopReason? } with content of the protocol',
  )
}

function toSampled({ content, model, stopReason }: SamplingResult): Sampled {
  const blocks: readonly SamplingContent[] = isList(content) ? content : [content]
  const text = blocks.map((block) => (block.type === 'text' ? block.text : '')).join('')
  return { text, content: blocks, model, stopReason }
}

function corrected(params: SamplingParams, { content }: Sampled, problem: string): SamplingParams {
  const answer = { role: 'assistant' as const, content }
  const complaint = said(`That does not fit: ${problem}\nAnswer again, with JSON only.`)
  return { ...params, messages: [...params.messages, answer, complaint] }
}

function normal(message: SampleMessage): SamplingMessage {
  const { role, content } = message
  return typeof content === 'string' ? said(content, role) : { ...message, content }
}

function said(
  text: string,
  role: 'user' | 'assistant' = 'user',
): SamplingMessage & { readonly content: SamplingContent } {
  return { role, content: { type: 'text', text } }
}

function isList(content: SamplingResult['content']): content is readonly SamplingContent[] {
  return Array.isArray(content)
}
