import type * as Newest from '@modelcontextprotocol/client'
import type * as Stateful from '@modelcontextprotocol/sdk/types.js'
import { expectTypeOf, it } from 'vitest'
import type {
  ElicitResult,
  ModelPreferences,
  Root,
  RootsResult,
  SamplingMessage,
  SamplingParams,
  SamplingResult,
  ToolResultContent,
  ToolUseContent,
} from './asks.ts'
import type { ClientCapabilities, ServerCapabilities } from './capabilities.ts'
import type {
  Annotations,
  AudioContent,
  BlobResourceContents,
  ContentBlock,
  EmbeddedResource,
  Icon,
  ImageContent,
  ResourceLink,
  TextContent,
  TextResourceContents,
} from './content.ts'
import type {
  Implementation,
  PromptArgument,
  PromptDefinition,
  PromptMessage,
  ResourceDefinition,
  TemplateDefinition,
  ToolAnnotations,
  ToolDefinition,
} from './definitions.ts'
import type { RequestId, RpcMessage, RpcNotification, RpcRequest, RpcResult } from './json-rpc.ts'
import type {
  CallToolResult,
  CompleteResult,
  CompletionReference,
  GetPromptResult,
  LogLevel,
  ParamsOf,
  ReadResourceResult,
  ResultOf,
} from './methods.ts'

/** Ours say `readonly`, the official types do not; what they describe is the same. */
type Writable<T> = T extends object ? { -readonly [K in keyof T]: Writable<T[K]> } : T

/** The official types let an optional member be `undefined` by hand; JSON cannot. */
type Strict<T> = T extends readonly (infer E)[]
  ? Strict<E>[]
  : T extends object
    ? { [K in keyof T]: Pick<T, K> extends Required<Pick<T, K>> ? Strict<T[K]> : Strict<Exclude<T[K], undefined>> }
    : T

/** The names whose type here does not fit the official one. */
type OursMisfit<Theirs extends Record<keyof Ours, unknown>> = {
  [K in keyof Ours]: Writable<Ours[K]> extends Theirs[K] ? never : K
}[keyof Ours]

/** The names whose official type does not fit the one here. */
type TheirsMisfit<Theirs extends Record<keyof Ours, unknown>> = {
  [K in keyof Ours]: Strict<Theirs[K]> extends Ours[K] ? never : K
}[keyof Ours]

interface Ours {
  Annotations: Annotations
  Icon: Icon
  TextContent: TextContent
  ImageContent: ImageContent
  AudioContent: AudioContent
  ResourceLink: ResourceLink
  EmbeddedResource: EmbeddedResource
  ContentBlock: ContentBlock
  TextResourceContents: TextResourceContents
  BlobResourceContents: BlobResourceContents
  Implementation: Implementation
  ToolAnnotations: ToolAnnotations
  Tool: ToolDefinition
  Resource: ResourceDefinition
  ResourceTemplate: TemplateDefinition
  Prompt: PromptDefinition
  PromptArgument: PromptArgument
  PromptMessage: PromptMessage
  CallToolResult: CallToolResult
  ReadResourceResult: ReadResourceResult
  GetPromptResult: GetPromptResult
  CompleteResult: CompleteResult
  ListToolsResult: ResultOf<'tools/list'>
  ListResourcesResult: ResultOf<'resources/list'>
  ListResourceTemplatesResult: ResultOf<'resources/templates/list'>
  ListPromptsResult: ResultOf<'prompts/list'>
  CallToolParams: ParamsOf<'tools/call'>
  ReadResourceParams: ParamsOf<'resources/read'>
  GetPromptParams: ParamsOf<'prompts/get'>
  CompleteParams: ParamsOf<'completion/complete'>
  CompletionReference: CompletionReference
  ClientCapabilities: ClientCapabilities
  ServerCapabilities: ServerCapabilities
  ElicitResult: ElicitResult
  SamplingMessage: SamplingMessage
  SamplingParams: Omit<SamplingParams, 'metadata' | 'tools'>
  SamplingResult: SamplingResult
  ModelPreferences: ModelPreferences
  ToolUseContent: ToolUseContent
  ToolResultContent: ToolResultContent
  Root: Root
  RootsResult: RootsResult
  LoggingLevel: LogLevel
  RequestId: RequestId
  Request: RpcRequest
  Notification: RpcNotification
  Result: RpcResult
  Message: RpcMessage
}

interface NewestTypes {
  Annotations: Newest.Annotations
  Icon: Newest.Icon
  TextContent: Newest.TextContent
  ImageContent: Newest.ImageContent
  AudioContent: Newest.AudioContent
  ResourceLink: Newest.ResourceLink
  EmbeddedResource: Newest.EmbeddedResource
  ContentBlock: Newest.ContentBlock
  TextResourceContents: Newest.TextResourceContents
  BlobResourceContents: Newest.BlobResourceContents
  Implementation: Newest.Implementation
  ToolAnnotations: Newest.ToolAnnotations
  Tool: Newest.Tool
  Resource: Newest.Resource
  ResourceTemplate: Newest.ResourceTemplateType
  Prompt: Newest.Prompt
  PromptArgument: Newest.PromptArgument
  PromptMessage: Newest.PromptMessage
  CallToolResult: Newest.CallToolResult
  ReadResourceResult: Newest.ReadResourceResult
  GetPromptResult: Newest.GetPromptResult
  CompleteResult: Newest.CompleteResult
  ListToolsResult: Newest.ListToolsResult
  ListResourcesResult: Newest.ListResourcesResult
  ListResourceTemplatesResult: Newest.ListResourceTemplatesResult
  ListPromptsResult: Newest.ListPromptsResult
  CallToolParams: Newest.CallToolRequest['params']
  ReadResourceParams: Newest.ReadResourceRequest['params']
  GetPromptParams: Newest.GetPromptRequest['params']
  CompleteParams: Newest.CompleteRequest['params']
  CompletionReference: Newest.CompleteRequest['params']['ref']
  ClientCapabilities: Newest.ClientCapabilities
  ServerCapabilities: Newest.ServerCapabilities
  ElicitResult: Newest.ElicitResult
  SamplingMessage: Newest.SamplingMessage
  SamplingParams: Newest.CreateMessageRequest['params']
  SamplingResult: Newest.CreateMessageResultWithTools
  ModelPreferences: Newest.ModelPreferences
  ToolUseContent: Newest.ToolUseContent
  ToolResultContent: Newest.ToolResultContent
  Root: Newest.Root
  RootsResult: Newest.ListRootsResult
  LoggingLevel: Newest.LoggingLevel
  RequestId: Newest.RequestId
  Request: Newest.JSONRPCRequest
  Notification: Newest.JSONRPCNotification
  Result: Newest.JSONRPCResultResponse
  Message: Newest.JSONRPCMessage
}

interface StatefulTypes {
  Annotations: Stateful.Annotations
  Icon: Stateful.Icon
  TextContent: Stateful.TextContent
  ImageContent: Stateful.ImageContent
  AudioContent: Stateful.AudioContent
  ResourceLink: Stateful.ResourceLink
  EmbeddedResource: Stateful.EmbeddedResource
  ContentBlock: Stateful.ContentBlock
  TextResourceContents: Stateful.TextResourceContents
  BlobResourceContents: Stateful.BlobResourceContents
  Implementation: Stateful.Implementation
  ToolAnnotations: Stateful.ToolAnnotations
  Tool: Stateful.Tool
  Resource: Stateful.Resource
  ResourceTemplate: Stateful.ResourceTemplate
  Prompt: Stateful.Prompt
  PromptArgument: Stateful.PromptArgument
  PromptMessage: Stateful.PromptMessage
  CallToolResult: Stateful.CallToolResult
  ReadResourceResult: Stateful.ReadResourceResult
  GetPromptResult: Stateful.GetPromptResult
  CompleteResult: Stateful.CompleteResult
  ListToolsResult: Stateful.ListToolsResult
  ListResourcesResult: Stateful.ListResourcesResult
  ListResourceTemplatesResult: Stateful.ListResourceTemplatesResult
  ListPromptsResult: Stateful.ListPromptsResult
  CallToolParams: Stateful.CallToolRequest['params']
  ReadResourceParams: Stateful.ReadResourceRequest['params']
  GetPromptParams: Stateful.GetPromptRequest['params']
  CompleteParams: Stateful.CompleteRequest['params']
  CompletionReference: Stateful.CompleteRequest['params']['ref']
  ClientCapabilities: Stateful.ClientCapabilities
  ServerCapabilities: Stateful.ServerCapabilities
  ElicitResult: Stateful.ElicitResult
  SamplingMessage: Stateful.SamplingMessage
  SamplingParams: Stateful.CreateMessageRequest['params']
  SamplingResult: Stateful.CreateMessageResultWithTools
  ModelPreferences: Stateful.ModelPreferences
  ToolUseContent: Stateful.ToolUseContent
  ToolResultContent: Stateful.ToolResultContent
  Root: Stateful.Root
  RootsResult: Stateful.ListRootsResult
  LoggingLevel: Stateful.LoggingLevel
  RequestId: Stateful.RequestId
  Request: Stateful.JSONRPCRequest
  Notification: Stateful.JSONRPCNotification
  Result: Stateful.JSONRPCResultResponse
  Message: Stateful.JSONRPCMessage
}

/** Settings of a capability are any JSON: the official types say so in words of their own. */
type Capabilities = 'ClientCapabilities' | 'ServerCapabilities'

/** These revisions want an object at the root of structured results; the era wraps all else. */
type Wrapped = 'CallToolResult' | 'ListToolsResult' | 'Tool'

/** What a tool gave a model is an object here: earlier revisions know nothing else, and nobody wraps it. */
type Narrower = 'SamplingMessage' | 'SamplingResult' | 'ToolResultContent' | 'SamplingParams'

it('fits the official types of the newest revision, both ways', () => {
  expectTypeOf<OursMisfit<NewestTypes>>().toEqualTypeOf<Capabilities>()
  expectTypeOf<TheirsMisfit<NewestTypes>>().toEqualTypeOf<Narrower>()
})

it('fits the official types of the stateful revisions, both ways', () => {
  expectTypeOf<OursMisfit<StatefulTypes>>().toEqualTypeOf<Wrapped>()
  expectTypeOf<TheirsMisfit<StatefulTypes>>().toEqualTypeOf<Capabilities>()
})

it('has the same capabilities as the official types', () => {
  expectTypeOf<keyof ClientCapabilities>().toExtend<keyof Newest.ClientCapabilities>()
  expectTypeOf<keyof ServerCapabilities>().toExtend<keyof Newest.ServerCapabilities>()
})
