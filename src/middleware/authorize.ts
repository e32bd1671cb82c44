import type { AnyComponent } from '../components/component.ts'
import type { Auth } from '../engine/auth.ts'
import type {
  PromptDefinition,
  ResourceDefinition,
  TemplateDefinition,
  ToolDefinition,
} from '../protocol/definitions.ts'
import { DefinitionError } from '../protocol/errors.ts'
import type { Awaitable } from '../schema/awaitable.ts'
import type { Middleware } from './compose.ts'
import { forAnyMethod, type Layer } from './layer.ts'
import { perCaller } from './per-caller.ts'
import { type Use, withScreen } from './screen.ts'

/** What somebody would do. Without arguments, the question is whether they may know of the component at all. */
export type Intent =
  | { readonly method: 'tools/call' | 'prompts/get'; readonly params: IntentParams }
  | { readonly method: 'resources/read'; readonly params: { readonly uri: string } }

interface IntentParams {
  readonly name: string
  readonly arguments?: Readonly<Record<string, unknown>>
}

/** What is told of the component: its definition, as lists show it. */
export type Authorized = ToolDefinition | ResourceDefinition | TemplateDefinition | PromptDefinition

/** Whether a caller may do something. Only `true` lets them; a text is why not. */
export type Authorization = (
  auth: Auth | undefined,
  call: Intent,
  definition: Authorized,
) => Awaitable<boolean | string>

/**
 * Decides who may use what. What a caller may not use is not there for them: it is in no list, cannot be called, read,
 * completed or subscribed to, and asking for it gives the same error as asking for what does not exist. A call that is
 * refused for its arguments alone is answered with `UNAUTHORIZED` and the reason.
 *
 * The function is asked without arguments for lists and before each use, and once more with them when a tool or prompt
 * is called; resources are asked about by URI. It must be quick, and whatever it throws is a no. Where it stands among
 * other layers does not matter. Give it to `mcp.use` itself, alone or with a pattern such as `tools/*`.
 *
 * @example
 * mcp.use(authorize((auth, call, definition) =>
 *   !definition.name.startsWith('admin_') || auth?.scopes?.includes('admin') === true))
 */
export function authorize(rule: Authorization): Layer {
  if (typeof rule !== 'function') throw new DefinitionError('authorize', 'give it a function that says who may do what')
  const layer: Middleware = function authorize() {
    // Inside another layer it could not keep anything out of lists, so it lets nobody through.
    throw new DefinitionError('authorize', 'give what it returns to mcp.use itself, not to another layer')
  }
  return withScreen(forAnyMethod(perCaller(layer)), (use) => rule(use.auth, intentOf(use), use.component.definition))
}

function intentOf({ component, id, args }: Use): Intent {
  const { kind } = component
  if (kind === 'resource' || kind === 'template') return { method: 'resources/read', params: { uri: id } }
  const method = METHODS[kind]
  return { method, params: isArguments(args) ? { name: id, arguments: args } : { name: id } }
}

const METHODS: Readonly<Record<Exclude<AnyComponent['kind'], 'resource' | 'template'>, 'tools/call' | 'prompts/get'>> =
  {
    tool: 'tools/call',
    prompt: 'prompts/get',
  }

function isArguments(args: unknown): args is Readonly<Record<string, unknown>> {
  return typeof args === 'object' && args !== null && !Array.isArray(args)
}
