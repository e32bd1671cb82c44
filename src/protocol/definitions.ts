import type { Annotations, ContentBlock, Icon, Meta } from './content.ts'

/** A JSON Schema object, draft 2020-12 unless `$schema` says otherwise. */
export type JsonSchema = { readonly [keyword: string]: unknown }

/** Who a client or server says it is; not verified. */
export interface Implementation {
  readonly name: string
  readonly version: string
  readonly title?: string
  readonly description?: string
  readonly websiteUrl?: string
  readonly icons?: readonly Icon[]
}

interface Described {
  readonly title?: string
  readonly description?: string
  readonly icons?: readonly Icon[]
  readonly _meta?: Meta
}

/** Hints about a tool; a client must not trust them. */
export interface ToolAnnotations {
  readonly title?: string
  readonly readOnlyHint?: boolean
  readonly destructiveHint?: boolean
  readonly idempotentHint?: boolean
  readonly openWorldHint?: boolean
}

/** A tool as `tools/list` shows it, in the form of the newest revision. */
export interface ToolDefinition extends Described {
  readonly name: string
  readonly inputSchema: JsonSchema & { readonly type: 'object' }
  readonly outputSchema?: JsonSchema
  readonly annotations?: ToolAnnotations
}

/** A resource as `resources/list` shows it. */
export interface ResourceDefinition extends Described {
  readonly uri: string
  readonly name: string
  readonly mimeType?: string
  /** Bytes, before any encoding. */
  readonly size?: number
  readonly annotations?: Annotations
}

/** A resource template as `resources/templates/list` shows it. */
export interface TemplateDefinition extends Described {
  readonly uriTemplate: string
  readonly name: string
  readonly mimeType?: string
  readonly annotations?: Annotations
}

/** One argument of a prompt. */
export interface PromptArgument {
  readonly name: string
  readonly title?: string
  readonly description?: string
  readonly required?: boolean
}

/** A prompt as `prompts/list` shows it. */
export interface PromptDefinition extends Described {
  readonly name: string
  readonly arguments?: readonly PromptArgument[]
}

/** One message of a prompt. */
export interface PromptMessage {
  readonly role: 'user' | 'assistant'
  readonly content: ContentBlock
}
