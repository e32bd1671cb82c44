import type { AudioContent, ContentBlock, ImageContent, Meta, TextContent } from './content.ts'
import type { ToolDefinition } from './definitions.ts'
import type { Params } from './json-rpc.ts'

/** What a server can ask a client for. */
export type AskMethod = 'elicitation/create' | 'sampling/createMessage' | 'roots/list'

/** One question to a client, as it travels. */
export interface Ask {
  readonly method: AskMethod
  readonly params: Params
}

/** What a person did with a form, or with an address to open. `content` only where a form was accepted. */
export interface ElicitResult {
  readonly action: 'accept' | 'decline' | 'cancel'
  readonly content?: Readonly<Record<string, string | number | boolean | readonly string[]>>
}

/** A model wants a tool to be used. */
export interface ToolUseContent {
  readonly type: 'tool_use'
  readonly id: string
  readonly name: string
  readonly input: Readonly<Record<string, unknown>>
  readonly _meta?: Meta
}

/** What came of a tool that a model wanted to be used. */
export interface ToolResultContent {
  readonly type: 'tool_result'
  readonly toolUseId: string
  readonly content: readonly ContentBlock[]
  readonly structuredContent?: Readonly<Record<string, unknown>>
  readonly isError?: boolean
  readonly _meta?: Meta
}

/** One piece of a message to or from a model. */
export type SamplingContent = TextContent | ImageContent | AudioContent | ToolUseContent | ToolResultContent

/** A message to or from a model. */
export interface SamplingMessage {
  readonly role: 'user' | 'assistant'
  readonly content: SamplingContent | readonly SamplingContent[]
  readonly _meta?: Meta
}

/** Which model to take; a client may choose another. Priorities are from 0 to 1. */
export interface ModelPreferences {
  readonly hints?: readonly { readonly name?: string }[]
  readonly costPriority?: number
  readonly speedPriority?: number
  readonly intelligencePriority?: number
}

/** Parameters of `sampling/createMessage`. */
export interface SamplingParams {
  readonly messages: readonly SamplingMessage[]
  readonly maxTokens: number
  readonly systemPrompt?: string
  readonly temperature?: number
  readonly stopSequences?: readonly string[]
  readonly modelPreferences?: ModelPreferences
  readonly includeContext?: 'none' | 'thisServer' | 'allServers'
  readonly tools?: readonly ToolDefinition[]
  readonly toolChoice?: { readonly mode?: 'auto' | 'required' | 'none' }
  readonly metadata?: Readonly<Record<string, unknown>>
}

/** The answer of a model. */
export interface SamplingResult {
  readonly role: 'user' | 'assistant'
  readonly content: SamplingContent | readonly SamplingContent[]
  readonly model: string
  /** `endTurn`, `stopSequence`, `maxTokens`, `toolUse`, or a word of the provider. */
  readonly stopReason?: string
  readonly _meta?: Meta
}

/** A place in a file system that the client lets a server work in. */
export interface Root {
  /** A `file://` address. */
  readonly uri: string
  readonly name?: string
  readonly _meta?: Meta
}

/** The answer to `roots/list`. */
export interface RootsResult {
  readonly roots: readonly Root[]
}

/** The answer to any question. */
export type InputResponse = ElicitResult | SamplingResult | RootsResult
