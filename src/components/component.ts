import type { Stop } from '../engine/application.ts'
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
  /** Several versions of one id may stand side by side; callers see the highest unless they ask for another. */
  readonly version?: string
}

/** Tells the compiler what context the handler of a component needs; there is no such member. */
export interface Wants<in Ctx> {
  readonly '~context'?: (ctx: Ctx) => void
}

/** `C`, and where its handler needs more than any context, what that is. */
export type Wanting<C, Ctx extends Context> = Context extends Ctx ? C : C & Wants<Ctx>

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

/** How long and for whom a server keeps what a resource gave, so that it is not made again for each read. */
export interface Keep {
  /** Milliseconds. */
  readonly ttl: number
  /** Whether it is the same for all callers; otherwise each has their own. */
  readonly shared: boolean
}

interface Readable {
  /** Left out, every read runs the handler. The server does the keeping. */
  readonly keep?: Keep
  read(uri: string, context: Context): Awaitable<ReadResourceResult>
  /**
   * Somebody wants to hear of changes of the contents at a URI, which its source then tells as it does all changes; gives what
   * ends that. Left out where a source tells of them anyway. Never rejects.
   */
  watch?(uri: string, context: Context): Awaitable<Stop>
}

/** A resource with a fixed URI. */
export interface Resource extends Component<'resource', ResourceDefinition>, Readable {}

/** A family of resources. `matches` tells whether `read` would know the URI. */
export interface Template extends Component<'template', TemplateDefinition>, Completable, Readable {
  matches(uri: string): boolean
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
