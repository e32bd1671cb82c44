import type { ForwardOptions, Members } from '../../client/index.ts'
import type { Stop } from '../../engine/application.ts'
import { backstageOf } from '../../engine/backstage.ts'
import type { Context } from '../../engine/context.ts'
import { relayLog } from '../../engine/log.ts'
import type { Meta } from '../../protocol/content.ts'
import type { Params } from '../../protocol/json-rpc.ts'
import type {
  CallToolResult,
  CompleteResult,
  CompletionReference,
  GetPromptResult,
  ReadResourceResult,
} from '../../protocol/methods.ts'
import type { JsonSchema } from '../../schema/json-schema.ts'
import { abilitiesOf } from './abilities.ts'
import { metaOnward } from './chain.ts'
import type { Conversation, Waiting } from './conversation.ts'
import { converse } from './converse.ts'
import { failureFrom, isHeaderMismatch } from './failure.ts'
import { completeResultOf, promptResultOf, readResultOf, toolResultOf } from './results.ts'
import { inRounds } from './rounds.ts'
import type { Found, OnItsWay, Session } from './session.ts'

/** Makes the calls of callers at a server elsewhere. */
export interface Relay {
  callTool(tool: CalledTool, args: unknown, context: Context): Promise<CallToolResult>
  read(uri: string, context: Context): Promise<ReadResourceResult>
  getPrompt(name: string, args: Readonly<Record<string, string>>, context: Context): Promise<GetPromptResult>
  complete(asked: Completing, context: Context): Promise<CompleteResult>
}

/** What is known of a tool that is called. */
export interface CalledTool {
  readonly name: string
  readonly inputSchema: JsonSchema
  /** Its output schema is of something else than an object. */
  readonly isValue: boolean
}

/** What is to be completed. */
export interface Completing {
  readonly ref: CompletionReference
  readonly argument: { readonly name: string; readonly value: string }
  readonly others: Readonly<Record<string, string>>
}

/** What a relay needs. */
export interface RelayOptions {
  /** By this the proxy knows requests that have passed it before. */
  readonly idOf: () => string
  readonly timeout: number
  readonly waiting: Waiting
  /** The session of the caller. */
  session(context: Context): Found
  /** What a caller was told of the server elsewhere is wrong. */
  outdated(context: Context): void
  report(problem: Error): void
}

/** What is asked of the server elsewhere. */
interface Asked {
  readonly method: string
  readonly params: Params
  readonly inputSchema?: JsonSchema
  readonly uri?: string
}

/** Makes a relay. */
export function createRelay({ idOf, timeout, waiting, session, outdated, report }: RelayOptions): Relay {
  const run = async (context: Context, asked: Asked): Promise<Members> => {
    backstageOf(context).beginRun()
    const { uri } = asked
    const meta = metaOnward(context.meta, idOf(), context.version)
    let release: Stop | undefined
    try {
      const found = session(context)
      const taken = found instanceof Promise ? await found : found
      // From now on, not from when the call is sent.
      release = taken.hold()
      return await forward(taken, { ...asked, meta, timeout, waiting }, context)
    } catch (problem) {
      if (isHeaderMismatch(problem)) outdated(context)
      throw failureFrom(problem, { uri, report })
    } finally {
      release?.()
    }
  }
  return {
    async callTool({ name, inputSchema, isValue }, args, context) {
      const params = args === undefined ? { name } : { name, arguments: args }
      return toolResultOf(await run(context, { method: 'tools/call', params, inputSchema }), isValue)
    },
    async read(uri, context) {
      return readResultOf(await run(context, { method: 'resources/read', params: { uri }, uri }))
    },
    async getPrompt(name, args, context) {
      return promptResultOf(await run(context, { method: 'prompts/get', params: { name, arguments: args } }))
    },
    async complete({ ref, argument, others }, context) {
      const chosen = Object.keys(others).length > 0 && { context: { arguments: others } }
      const params = { ref, argument, ...chosen }
      return completeResultOf(await run(context, { method: 'completion/complete', params }))
    },
  }
}

type Call = Asked & { readonly meta: Meta; readonly timeout: number; readonly waiting: Waiting }

/** Makes a call in the way of the server's era, as far as its caller can be asked anything. */
function forward(session: Session, call: Call, context: Context): Promise<Members> {
  const { method, params, meta, timeout, waiting } = call
  const send = (audience: Audience, more: Members, signal: AbortSignal): Promise<Members> => {
    const onItsWay = onItsWayTo(audience)
    const heard = { ...heardBy(session, onItsWay, audience), ...schemaOf(call) }
    return session.run(onItsWay, (client) =>
      client.forward(method, { ...params, ...more }, { ...heard, meta, signal, timeout }),
    )
  }
  const backstage = backstageOf(context)
  const canAsk = abilitiesOf(backstage.origin.client.capabilities).capabilities !== undefined
  if (!canAsk || method === 'completion/complete') return send({ context }, {}, context.signal)
  const name = backstage.asking.keyFor('proxy')
  if (session.client.era === 'stateless') {
    return inRounds(context, { name, ask: (more) => send({ context }, more, context.signal) })
  }
  return converse(context, waiting, { name, begin: (conversation, signal) => send(conversation, {}, signal) })
}

/** Who hears what the server elsewhere tells on the way, and answers what it asks. */
interface Audience {
  /** The request that waits for the end at the moment. */
  readonly context: Context
  readonly ask?: Conversation<Members>['ask']
}

function onItsWayTo(audience: Audience): OnItsWay {
  return {
    ...(audience.ask !== undefined && { ask: (method, params) => audience.ask?.(method, params) ?? NEVER }),
    notify(name, told) {
      if (!OF_THE_PROTOCOL.has(name) && isNotification(name)) audience.context.notify(name, told)
    },
    letGo: () => void audience.context.closeStream(),
  }
}

const NEVER: Promise<never> = new Promise(() => undefined)

function schemaOf({ inputSchema }: Asked): Pick<ForwardOptions, 'inputSchema'> {
  return inputSchema === undefined ? {} : { inputSchema }
}

/** What the server elsewhere tells on the way goes to the caller, as far as the caller wants to hear it. */
function heardBy(session: Session, call: OnItsWay, audience: Audience): ForwardOptions {
  const { meta } = audience.context
  const { logLevel } = backstageOf(audience.context).origin
  return {
    onNotification: call.notify,
    ...(meta?.progressToken !== undefined && {
      onProgress: ({ progress, total, message }) => audience.context.progress(progress, total, message),
    }),
    ...(logLevel !== undefined && {
      logLevel,
      onLog: (entry) => {
        if (!session.isForOther(call)) relayLog(backstageOf(audience.context).origin, entry)
      },
    }),
  }
}

function isNotification(name: string): name is `notifications/${string}` {
  return name.startsWith('notifications/')
}

/** What these say is not for the caller of one call, or goes to them in another way. */
const OF_THE_PROTOCOL: ReadonlySet<string> = new Set([
  'notifications/cancelled',
  'notifications/elicitation/complete',
  'notifications/initialized',
  'notifications/message',
  'notifications/progress',
  'notifications/prompts/list_changed',
  'notifications/resources/list_changed',
  'notifications/resources/updated',
  'notifications/roots/list_changed',
  'notifications/subscriptions/acknowledged',
  'notifications/tools/list_changed',
])
