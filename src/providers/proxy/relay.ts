import type { CallOptions, Client } from '../../client/index.ts'
import type { Context } from '../../engine/context.ts'
import type { CallToolResult, CompleteResult, GetPromptResult, ReadResourceResult } from '../../protocol/methods.ts'
import { metaOnward, withoutReserved } from './chain.ts'
import type { Waiting } from './conversation.ts'
import { converse } from './converse.ts'
import { failureFrom } from './failure.ts'
import type { Session } from './session.ts'

/** Makes the calls of callers at a server elsewhere. */
export interface Relay {
  callTool(name: string, args: unknown, context: Context): Promise<CallToolResult>
  read(uri: string, context: Context): Promise<ReadResourceResult>
  getPrompt(name: string, args: Readonly<Record<string, string>>, context: Context): Promise<GetPromptResult>
  complete(asked: Completing, context: Context): Promise<CompleteResult>
}

/** What is to be completed. */
export interface Completing {
  readonly ref: Parameters<Client['complete']>[0]
  readonly argument: { readonly name: string; readonly value: string }
  readonly others: Readonly<Record<string, string>>
}

/** What a relay needs. */
export interface RelayOptions {
  /** By this the proxy knows requests that have passed it before. */
  readonly id: string
  readonly timeout: number
  readonly waiting: Waiting
  /** The session of the caller. */
  session(context: Context): Promise<Session>
}

/** Makes a relay. */
export function createRelay({ id, timeout, waiting, session }: RelayOptions): Relay {
  const run = async <T>(context: Context, work: Work<T>, uri?: string): Promise<T> => {
    context.beginRun()
    const meta = metaOnward(context.meta, id)
    const taken = await session(context).catch((problem: unknown) => {
      throw failureFrom(problem)
    })
    return converse<T>(context, waiting, (conversation, signal) =>
      taken.run(conversation, (client) => work(client, { ...listeners(context), meta, signal, timeout })),
    ).catch((problem: unknown) => {
      throw failureFrom(problem, uri)
    })
  }
  return {
    callTool: (name, args, context) =>
      run(context, async (client, options) => {
        const given = args as Readonly<Record<string, unknown>> | undefined // whatever it is, the server elsewhere checks it
        const { raw } = await client.callTool(name, given, { ...options, throwOnError: false })
        return withoutReserved(raw)
      }),
    read: (uri, context) =>
      run(
        context,
        async (client, options) => withoutReserved((await client.readResource(uri, { ...options, fresh: true })).raw),
        uri,
      ),
    getPrompt: (name, args, context) =>
      run(context, async (client, options) => withoutReserved(await client.getPrompt(name, args, options))),
    complete: ({ ref, argument, others }, context) =>
      run(context, async (client, options) => ({
        completion: await client.complete(ref, argument, { ...options, others }),
      })),
  }
}

type Work<T> = (client: Client, options: CallOptions & { readonly timeout: number }) => Promise<T>

/** What the server elsewhere tells on the way goes to the caller, as far as the caller wants to hear it. */
function listeners(context: Context): Pick<CallOptions, 'onProgress' | 'onLog'> {
  return {
    ...(context.meta?.progressToken !== undefined && {
      onProgress: ({ progress, total, message }) => context.progress(progress, total, message),
    }),
    onLog: (entry) => context.server.relayLog(entry),
  }
}
