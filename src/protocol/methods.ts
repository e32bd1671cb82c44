import type { ServerCapabilities } from './capabilities.ts'
import type { ContentBlock, Meta, ResourceContents } from './content.ts'
import type {
  Implementation,
  PromptDefinition,
  PromptMessage,
  ResourceDefinition,
  TemplateDefinition,
  ToolDefinition,
} from './definitions.ts'

/** What every result may carry. An era adds its own members when it encodes one. */
export interface Result {
  readonly _meta?: Meta
}

/** The answer to a list: one page. */
export interface Page extends Result {
  readonly nextCursor?: string
}

/** The answer to `tools/call`. `structuredContent` is any JSON value; an older revision gets it wrapped. */
export interface CallToolResult extends Result {
  readonly content: readonly ContentBlock[]
  readonly structuredContent?: unknown
  readonly isError?: boolean
}

/** The answer to `resources/read`. */
export interface ReadResourceResult extends Result {
  readonly contents: readonly ResourceContents[]
}

/** The answer to `prompts/get`. */
export interface GetPromptResult extends Result {
  readonly description?: string
  readonly messages: readonly PromptMessage[]
}

/** The answer to `completion/complete`. */
export interface CompleteResult extends Result {
  readonly completion: { readonly values: readonly string[]; readonly total?: number; readonly hasMore?: boolean }
}

/** What a server tells of itself, before an era adds its revisions. */
export interface DescribeResult extends Result {
  readonly serverInfo: Implementation
  readonly capabilities: ServerCapabilities
  readonly instructions?: string
}

/** What a completion completes: an argument of a prompt or a variable of a template. */
export type CompletionReference =
  | { readonly type: 'ref/prompt'; readonly name: string }
  | { readonly type: 'ref/resource'; readonly uri: string }

/**
 * Every operation that reaches a server, with its parameters and result. Methods that only
 * move messages (ping, handshake acknowledgements, subscriptions) stay inside their era.
 */
export interface Operations {
  initialize: { params: { readonly clientInfo?: Implementation }; result: DescribeResult }
  'server/discover': { params: { readonly [key: string]: unknown }; result: DescribeResult }
  'tools/list': { params: { readonly cursor?: string }; result: Page & { readonly tools: readonly ToolDefinition[] } }
  'tools/call': {
    params: { readonly name: string; readonly arguments?: Readonly<Record<string, unknown>> }
    result: CallToolResult
  }
  'resources/list': {
    params: { readonly cursor?: string }
    result: Page & { readonly resources: readonly ResourceDefinition[] }
  }
  'resources/templates/list': {
    params: { readonly cursor?: string }
    result: Page & { readonly resourceTemplates: readonly TemplateDefinition[] }
  }
  'resources/read': { params: { readonly uri: string }; result: ReadResourceResult }
  'prompts/list': {
    params: { readonly cursor?: string }
    result: Page & { readonly prompts: readonly PromptDefinition[] }
  }
  'prompts/get': {
    params: { readonly name: string; readonly arguments?: Readonly<Record<string, string>> }
    result: GetPromptResult
  }
  'completion/complete': {
    params: {
      readonly ref: CompletionReference
      readonly argument: { readonly name: string; readonly value: string }
      readonly context?: { readonly arguments?: Readonly<Record<string, string>> }
    }
    result: CompleteResult
  }
}

/** The name of an operation. */
export type Method = keyof Operations
/** The result of an operation, by its name. */
export type ResultOf<M extends Method> = Operations[M]['result']
/** The parameters of an operation, by its name. */
export type ParamsOf<M extends Method> = Operations[M]['params']

/** Severity of a log message, least first (RFC 5424). */
export const LOG_LEVELS = ['debug', 'info', 'notice', 'warning', 'error', 'critical', 'alert', 'emergency'] as const
/** Severity of a log message. */
export type LogLevel = (typeof LOG_LEVELS)[number]
