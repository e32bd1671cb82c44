export type { Auth } from '../engine/auth.ts'
export type { ProvidedSample } from '../engine/sampling.ts'
export type {
  ModelPreferences,
  Root,
  SamplingContent,
  SamplingMessage,
  SamplingParams,
  SamplingResult,
  ToolResultContent,
  ToolUseContent,
} from '../protocol/asks.ts'
export { FastMCPError } from '../protocol/errors.ts'
export type { LogLevel } from '../protocol/methods.ts'
export type { AskContext, AskHandlers, ElicitHandler, Questions, RootsHandler, SampleHandler } from './asks.ts'
export type { Change } from './change.ts'
export type { Stderr } from './child.ts'
export { Client, type Completion } from './client.ts'
export { type Command, parseCommand } from './command.ts'
export { type Connected, connect } from './connect.ts'
export type { ElicitAnswer } from './elicit-answer.ts'
export type { ElicitForm, FieldForm, UrlForm } from './elicit-form.ts'
export { ClientError, type ClientErrorCode, ServerError, ToolCallError } from './errors.ts'
export {
  type BooleanField,
  type Choice,
  type DateField,
  type EnumField,
  type FormContent,
  type FormField,
  type FormValue,
  type MultiEnumField,
  type NumberField,
  problemWith,
  type TextField,
} from './form-field.ts'
export type { ForwardOptions, Members } from './forward.ts'
export { Group, type GroupOptions, type InGroup } from './group.ts'
export type { GroupChange, GroupSubscription } from './group-listening.ts'
export type { ServerHealth } from './group-member.ts'
export type { Naming } from './group-names.ts'
export type { ListenFilter } from './listen-filter.ts'
export type {
  CallOptions,
  CompleteOptions,
  ConnectOptions,
  LogEntry,
  Progress,
  ReadOptions,
  ToolCallOptions,
} from './options.ts'
export type { Pipes } from './pipes.ts'
export type { Reading } from './reading.ts'
export { ResponseCache, type ResponseCacheOptions } from './response-cache.ts'
export type { Subscription } from './subscriptions.ts'
export type { Config, Remote, ServerObject, SingleTarget, Target } from './target.ts'
export type { ToolCallResult } from './tool-result.ts'
