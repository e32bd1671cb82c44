import type { Awaitable } from '../engine/call.ts'
import type { Context } from '../engine/context.ts'
import type {
  PromptDefinition,
  ResourceDefinition,
  TemplateDefinition,
  ToolDefinition,
} from '../protocol/definitions.ts'
import type { CallToolResult, CompleteResult, GetPromptResult, ReadResourceResult } from '../protocol/methods.ts'

/** A component ready to serve: everything that could be worked out beforehand is. */
interface Component<K extends string, D> {
  readonly kind: K
  /** Unique in its kind: a name, a URI, or a URI template. */
  readonly id: string
  /** As lists show it; frozen. */
  readonly definition: D
  /** For filters; not sent. */
  readonly tags: readonly string[]
}

/** What completes one argument: the typed beginning and the arguments already chosen. */
export interface CompletionAsk {
  readonly name: string
  readonly value: string
  readonly others: Readonly<Record<string, string>>
}

interface Completable {
  complete(ask: CompletionAsk, context: Context): Awaitable<CompleteResult>
}

/** A tool. `call` answers bad arguments with an `isError` result and throws what its handler throws. */
export interface Tool extends Component<'tool', ToolDefinition> {
  call(args: unknown, context: Context): Awaitable<CallToolResult>
}

/** A resource with a fixed URI. */
export interface Resource extends Component<'resource', ResourceDefinition> {
  read(uri: string, context: Context): Awaitable<ReadResourceResult>
}

/** A family of resources. `matches` tells whether `read` would know the URI. */
export interface Template extends Component<'template', TemplateDefinition>, Completable {
  matches(uri: string): boolean
  read(uri: string, context: Context): Awaitable<ReadResourceResult>
}

/** A prompt. */
export interface Prompt extends Component<'prompt', PromptDefinition>, Completable {
  get(args: Readonly<Record<string, string>>, context: Context): Awaitable<GetPromptResult>
}

/** The component of each kind. */
export interface Components {
  readonly tool: Tool
  readonly resource: Resource
  readonly template: Template
  readonly prompt: Prompt
}

/** The four kinds. */
export type Kind = keyof Components
/** Any component. */
export type AnyComponent = Components[Kind]
/** The four kinds, to walk over. */
export const KINDS: readonly Kind[] = ['tool', 'resource', 'template', 'prompt']
