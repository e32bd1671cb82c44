import * as core from '@modelcontextprotocol/core'
import * as skills from '@modelcontextprotocol/core/ext/skills'
import type { ZodObject, ZodType } from 'zod'
import { z } from 'zod'

/** What the request and the result of a method must be. */
export interface MethodSchemas {
  /** Without the id; left out where the caller gives the parameters as they are. */
  readonly request?: ZodType
  readonly result: ZodType
  /** In the stateful era, where it differs. */
  readonly earlierResult?: ZodType
}

/** A result in a revision that knows no hints for caches. */
function unhinted(schema: ZodObject): ZodType {
  return schema.partial({ ttlMs: true, cacheScope: true })
}

/** The schemas of the official package by method, of requests in either direction. */
export const REQUESTS: ReadonlyMap<string, MethodSchemas> = new Map<string, MethodSchemas>([
  ['initialize', { request: core.InitializeRequestSchema, result: core.InitializeResultSchema }],
  ['ping', { request: core.PingRequestSchema, result: core.EmptyResultSchema }],
  ['server/discover', { request: core.DiscoverRequestSchema, result: core.DiscoverResultSchema }],
  ['completion/complete', { request: core.CompleteRequestSchema, result: core.CompleteResultSchema }],
  ['logging/setLevel', { request: core.SetLevelRequestSchema, result: core.EmptyResultSchema }],
  ['prompts/get', { request: core.GetPromptRequestSchema, result: core.GetPromptResultSchema }],
  ['prompts/list', { request: core.ListPromptsRequestSchema, result: core.ListPromptsResultSchema }],
  ['resources/list', { request: core.ListResourcesRequestSchema, result: core.ListResourcesResultSchema }],
  [
    'resources/templates/list',
    { request: core.ListResourceTemplatesRequestSchema, result: core.ListResourceTemplatesResultSchema },
  ],
  ['resources/read', { request: core.ReadResourceRequestSchema, result: core.ReadResourceResultSchema }],
  ['resources/subscribe', { request: core.SubscribeRequestSchema, result: core.EmptyResultSchema }],
  ['resources/unsubscribe', { request: core.UnsubscribeRequestSchema, result: core.EmptyResultSchema }],
  [
    'subscriptions/listen',
    { request: core.SubscriptionsListenRequestSchema, result: core.SubscriptionsListenResultSchema },
  ],
  ['tools/call', { request: core.CallToolRequestSchema, result: core.CallToolResultSchema }],
  ['tools/list', { request: core.ListToolsRequestSchema, result: core.ListToolsResultSchema }],
  [
    'sampling/createMessage',
    { request: core.CreateMessageRequestSchema, result: core.CreateMessageResultWithToolsSchema },
  ],
  ['elicitation/create', { request: core.ElicitRequestSchema, result: core.ElicitResultSchema }],
  ['roots/list', { request: core.ListRootsRequestSchema, result: core.ListRootsResultSchema }],
  [
    skills.SKILLS_LIST_METHOD,
    { result: skills.ListSkillsResultSchema, earlierResult: unhinted(skills.ListSkillsResultSchema) },
  ],
  [
    skills.SKILLS_GET_METHOD,
    { result: skills.GetSkillResultSchema, earlierResult: unhinted(skills.GetSkillResultSchema) },
  ],
  [
    skills.RESOURCES_DIRECTORY_READ_METHOD,
    {
      result: skills.ReadResourceDirectoryResultSchema,
      earlierResult: unhinted(skills.ReadResourceDirectoryResultSchema),
    },
  ],
])

/** The question for an address to open has lost its id since the stateful era. */
const ASK_URL = z.object({
  method: z.literal('elicitation/create'),
  params: core.ElicitRequestURLParamsSchema.omit({ elicitationId: true }),
})

/** Questions as they travel in results of the stateless era. */
export const ASKS: ReadonlyMap<string, ZodType> = new Map<string, ZodType>([
  ['elicitation/create', core.ElicitRequestSchema.or(ASK_URL)],
  ['sampling/createMessage', core.CreateMessageRequestSchema],
  ['roots/list', core.ListRootsRequestSchema],
])

/** The same of notifications. */
export const NOTIFICATIONS: ReadonlyMap<string, ZodType> = new Map<string, ZodType>([
  ['notifications/initialized', core.InitializedNotificationSchema],
  ['notifications/roots/list_changed', core.RootsListChangedNotificationSchema],
  ['notifications/cancelled', core.CancelledNotificationSchema],
  ['notifications/progress', core.ProgressNotificationSchema],
  ['notifications/message', core.LoggingMessageNotificationSchema],
  ['notifications/resources/updated', core.ResourceUpdatedNotificationSchema],
  ['notifications/resources/list_changed', core.ResourceListChangedNotificationSchema],
  ['notifications/tools/list_changed', core.ToolListChangedNotificationSchema],
  ['notifications/prompts/list_changed', core.PromptListChangedNotificationSchema],
  ['notifications/subscriptions/acknowledged', core.SubscriptionsAcknowledgedNotificationSchema],
  ['notifications/elicitation/complete', core.ElicitationCompleteNotificationSchema],
])

/** What every message is, whatever it says. */
export const MESSAGE: ZodType = core.JSONRPCMessageSchema

/**
 * What is wrong with a value; undefined if nothing is. A schema that fills in what is missing accepts what the
 * specification does not: so what it had to fill in is wrong too.
 */
export function problemIn(value: unknown, schema: ZodType): string | undefined {
  const parsed = schema.safeParse(value)
  if (!parsed.success) return JSON.stringify(parsed.error.issues).slice(0, 1_000)
  const filled = addedTo(value, parsed.data, [])
  return filled === undefined ? undefined : `${filled} is missing`
}

function addedTo(value: unknown, parsed: unknown, path: readonly string[]): string | undefined {
  if (typeof parsed !== 'object' || parsed === null) return undefined
  for (const [key, member] of Object.entries(parsed)) {
    if (member === undefined) continue
    const place = [...path, key]
    // Parsed data mirrors what it was parsed from.
    const given = (value as Readonly<Record<string, unknown>>)[key]
    if (given === undefined) return place.join('.')
    const inner = addedTo(given, member, place)
    if (inner !== undefined) return inner
  }
  return undefined
}
