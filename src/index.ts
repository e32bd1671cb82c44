/**
 * Model Context Protocol servers from typed functions.
 *
 * @module
 */

export type { Completion, CompletionHints } from './components/completion.ts'
export type { AnyComponent, Components, Kind } from './components/component.ts'
export { audio, file, image, link, text } from './components/content.ts'
export { type PromptHandler, type PromptOptions, prompt } from './components/prompt.ts'
export { assistant, type Message, type PromptReturn, user } from './components/prompt-messages.ts'
export { type ResourceHandler, type ResourceOptions, resource } from './components/resource.ts'
export { type StreamOf, type ToolHandler, type ToolOptions, type TypedTool, tool } from './components/tool.ts'
export { type ToolResult, toolResult } from './components/tool-result.ts'
export type { UriParams } from './components/uri-params.ts'
export type { Ability } from './engine/abilities.ts'
export type { Change } from './engine/application.ts'
export type { AskOptions } from './engine/asking.ts'
export type { Auth } from './engine/auth.ts'
export type { Context } from './engine/context.ts'
export { type Dependency, type DependencyOptions, dependency } from './engine/dependency.ts'
export type { Consent, Elicited, ElicitOptions, UrlTarget } from './engine/elicitation.ts'
export { askForm, askModel, askRoots, askUrl } from './engine/input-asks.ts'
export type { Phase } from './engine/phase.ts'
export type { Sampled, SampleRequest, SamplingProvider } from './engine/sampling.ts'
export { type EnvDefaults, type Environment, type EnvOptions, env } from './env.ts'
export type { RequestStateOptions } from './eras/era.ts'
export { FastMCP } from './fastmcp.ts'
export type { CacheOptions, FastMCPOptions } from './fastmcp-options.ts'
export type { Middleware, Next } from './middleware/compose.ts'
export type { Pattern } from './middleware/match.ts'
export { DefinitionError, FastMCPError, McpError, TOOL_ERROR_CODES, ToolError } from './protocol/errors.ts'
export { type InputRequired, inputRequired } from './protocol/input-required.ts'
export { withoutSecrets } from './protocol/secrets.ts'
export type { Provider, Transform, View } from './providers/provider.ts'
export type { RunOptions } from './run-settings.ts'
export type { Changes } from './server/changes.ts'
export type { Diagnosis } from './server/diagnosis/findings.ts'
export {
  type Extension,
  type ExtensionHost,
  type ExtensionMethod,
  type ExtensionSettings,
  type MethodOptions,
  method,
} from './server/extension.ts'
export type { CheckFigures, HealthCheck } from './server/health/checks.ts'
export type { HealthOptions, HealthStatus } from './server/health/health.ts'
export type { UserStateOptions } from './server/kept.ts'
export { lifespans, type OpenApp } from './server/lifespans.ts'
export { type SessionHandleOptions, type SessionHandles, sessionHandles } from './server/session-handles.ts'
export type { MountArgs, Source } from './sources.ts'
export { createMemoryStorage, type MemoryStorageOptions } from './storage/memory.ts'
export { type KeepOptions, type Storage, StorageError, type Stored } from './storage/storage.ts'
export { dereference } from './transforms/dereference.ts'
export { type Description, describe, tag } from './transforms/describe.ts'
export { hide, only } from './transforms/hide.ts'
export { type NamespaceOptions, namespace } from './transforms/namespace.ts'
export { pipe } from './transforms/pipe.ts'
export { type PromptsAsToolsOptions, promptsAsTools } from './transforms/prompts-as-tools.ts'
export { rename } from './transforms/rename.ts'
export { type ReshapeOptions, reshapeTools, type ToolReshape, type ToolReshapes } from './transforms/reshape-tools.ts'
export { type ResourcesAsToolsOptions, resourcesAsTools } from './transforms/resources-as-tools.ts'
export { type SearchOptions, search } from './transforms/search/search.ts'
export type { Selection, Selector } from './transforms/select.ts'
export type { ArgChange, ArgChanges } from './transforms/tool/arg-change.ts'
export type { Forward, Forwarded } from './transforms/tool/forward.ts'
export { type ToolChanges, transformTool } from './transforms/tool/transform-tool.ts'
export { type VersionRange, versions } from './transforms/versions.ts'
export {
  type Visibility,
  type VisibilityOptions,
  type VisibilitySettings,
  visibility,
} from './transforms/visibility.ts'
export type { Execution, FetchHandler } from './transports/http/fetch.ts'
export type { Authenticate, HttpOptions, HttpRequest } from './transports/http/options.ts'
export type { HttpRateLimit } from './transports/http/rate-limit.ts'
export { refuse } from './transports/http/refusal.ts'
