import { AsyncLocalStorage } from 'node:async_hooks'
import { type Client, type ConnectOptions, connect, type SingleTarget, type Target } from '../../client/index.ts'
import type { AskMethod, InputResponse } from '../../protocol/asks.ts'
import type { ClientCapabilities } from '../../protocol/capabilities.ts'
import { McpError } from '../../protocol/errors.ts'
import { isRecord, type Params } from '../../protocol/json-rpc.ts'
import type { Conversation } from './conversation.ts'

type AnyConversation = Conversation<never>

/** Which call a question belongs to, where whoever asks can be followed back to it. */
const ON_THE_WAY = new AsyncLocalStorage<AnyConversation>()

/** A connection to a server elsewhere, and the calls that run on it. */
export interface Session {
  readonly client: Client
  /** Runs work of a call, whose questions then come to its conversation. */
  run<T>(conversation: Conversation<T> | undefined, work: (client: Client) => Promise<T>): Promise<T>
  readonly isBusy: boolean
}

/** How a session is opened. */
export interface SessionOptions {
  readonly target: SingleTarget
  readonly connect: ConnectOptions
  /** What the callers that share it can do. */
  readonly capabilities: ClientCapabilities
}

const QUESTIONS: readonly AskMethod[] = ['elicitation/create', 'sampling/createMessage', 'roots/list']

/** Connects. What the server asks goes to the call on whose way it asks; where that cannot be told, to the one begun last. */
export async function openSession({ target, connect: options, capabilities }: SessionOptions): Promise<Session> {
  const running = new Set<AnyConversation>()
  const client = (await connect(target as Target, { ...options, ...handlersFor(capabilities) })) as Client // one target, one client
  const route = async (method: AskMethod, params: Params): Promise<InputResponse> => {
    const conversation = ON_THE_WAY.getStore() ?? [...running].at(-1)
    if (conversation === undefined) throw new McpError('INVALID_REQUEST', 'No call is on its way that this belongs to')
    return conversation.ask(method, params)
  }
  // The handlers given to `connect` announce what callers can do; these take their place and pass everything on as it is.
  for (const method of QUESTIONS.filter((each) => announced(capabilities, each))) {
    client.official.setRequestHandler(method, { params: ANY }, async (params: unknown) => ({
      ...(await route(method, isRecord(params) ? params : {})),
    }))
  }
  let busy = 0
  return {
    client,
    get isBusy() {
      return busy > 0
    },
    async run(conversation, work) {
      const own = conversation as AnyConversation | undefined // only its questions count here
      busy++
      if (own !== undefined) running.add(own)
      try {
        return await (own === undefined ? work(client) : ON_THE_WAY.run(own, () => work(client)))
      } finally {
        if (own !== undefined) running.delete(own)
        busy--
      }
    },
  }
}

function announced(capabilities: ClientCapabilities, method: AskMethod): boolean {
  if (method === 'elicitation/create') return capabilities.elicitation !== undefined
  return (method === 'roots/list' ? capabilities.roots : capabilities.sampling) !== undefined
}

function handlersFor({ elicitation, sampling, roots }: ClientCapabilities): ConnectOptions {
  const unused = (): never => {
    throw new McpError('INTERNAL_ERROR', 'Questions are passed on')
  }
  const modes = (['form', 'url'] as const).filter((mode) =>
    mode === 'form' ? elicitation?.url === undefined || elicitation.form !== undefined : elicitation?.url !== undefined,
  )
  return {
    ...(elicitation !== undefined && { onElicit: unused, elicitModes: modes }),
    ...(sampling !== undefined && { onSample: unused, sampleTools: sampling.tools !== undefined }),
    ...(roots !== undefined && { onRoots: unused }),
  }
}

/** Passes as it is: the caller's client checks it by its own revision. */
const ANY = {
  '~standard': { version: 1 as const, vendor: 'fastmcp', validate: (value: unknown) => ({ value }) },
}
