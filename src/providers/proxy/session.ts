import { type Client, type ConnectOptions, connect, type Target } from '../../client/index.ts'
import type { Stop } from '../../engine/application.ts'
import type { AskMethod, InputResponse } from '../../protocol/asks.ts'
import { McpError } from '../../protocol/errors.ts'
import { isRecord, type Params } from '../../protocol/json-rpc.ts'
import type { Abilities } from './abilities.ts'
import { endsSession } from './failure.ts'

/** A call that is on its way, and what the server elsewhere may want of its caller meanwhile. */
export interface OnItsWay {
  ask?(method: AskMethod, params: Params): Promise<InputResponse>
  notify(method: string, params: Params): void
  /** The server has let go of the connection on which it would answer; it is asked for the answer again. */
  letGo(): void
}

interface Following {
  getStore(): OnItsWay | undefined
  run<R>(call: OnItsWay | undefined, work: () => R): R
}

/** Which call something belongs to, where whoever sends it can be followed back to the call; not every runtime can follow. */
const ON_ITS_WAY: Following = follow() ?? { getStore: () => undefined, run: (_, work) => work() }

function follow(): Following | undefined {
  const hooks = globalThis.process?.getBuiltinModule?.('node:async_hooks')
  return hooks && new hooks.AsyncLocalStorage<OnItsWay | undefined>()
}

/** A connection to a server elsewhere, and the calls that run on it. */
export interface Session {
  readonly client: Client
  /** Runs a call. */
  run<T>(call: OnItsWay, work: (client: Client) => Promise<T>): Promise<T>
  /** Whether what happens now is of another call than this one; false where that cannot be told. */
  isForOther(call: OnItsWay): boolean
  /** Keeps it open until stopped, though no call runs. */
  hold(): Stop
  readonly isBusy: boolean
}

/** A session to be used at once, where it is open: in a later turn another caller may have needed its room. */
export type Found = Session | Promise<Session>

/** How a session is opened. */
export interface SessionOptions {
  readonly target: Target
  readonly connect: ConnectOptions
  /** What the callers that share it can do. */
  readonly abilities: Abilities
}

/** Somebody has waited for a new connection, and uses it next. */
const AWAITED_MS = 1_000

/** Connects. What the server asks goes to the call on whose way it asks; where that cannot be told, to the one begun last. */
export async function openSession({ target, connect: options, abilities }: SessionOptions): Promise<Session> {
  const running = new Set<OnItsWay>()
  const ownerOf = (): OnItsWay | undefined => {
    const owner = ON_ITS_WAY.getStore()
    return owner !== undefined && running.has(owner) ? owner : undefined
  }
  const answer = ({ method, params }: { method: AskMethod; params: Params }): Promise<InputResponse> => {
    const call = ownerOf() ?? [...running].findLast(({ ask }) => ask !== undefined)
    if (call?.ask !== undefined) return call.ask(method, params)
    throw new McpError('INVALID_REQUEST', 'No call is on its way that this question belongs to')
  }
  const { capabilities } = abilities
  // What is opened on the way of one call is for others too.
  const meet = (): Promise<unknown> =>
    connect(target, {
      ...options,
      onLetGo: () => ownerOf()?.letGo(),
      ...(capabilities !== undefined && { questions: { capabilities, answer } }),
    })
  const isOnTheWay = ON_ITS_WAY.getStore() !== undefined
  const client = (await (isOnTheWay ? ON_ITS_WAY.run(undefined, meet) : meet())) as Client // one target, one client
  client.official.fallbackNotificationHandler = async ({ method, params }) => {
    ownerOf()?.notify(method, isRecord(params) ? params : {})
  }
  const openedAt = performance.now()
  let held = 0
  let wasUsed = false
  return {
    client,
    get isBusy() {
      return held > 0 || (!wasUsed && performance.now() - openedAt < AWAITED_MS)
    },
    isForOther(call) {
      const owner = ownerOf()
      return owner !== undefined && owner !== call
    },
    hold() {
      held++
      wasUsed = true
      let isHeld = true
      return () => {
        if (isHeld) held--
        isHeld = false
      }
    },
    async run(call, work) {
      held++
      wasUsed = true
      running.add(call)
      try {
        // Following calls costs something, so it is done only where nothing else tells them apart.
        return await (client.tellsCallsApart ? work(client) : ON_ITS_WAY.run(call, () => work(client)))
      } catch (problem) {
        if (endsSession(problem)) void client.close().catch(() => undefined)
        throw problem
      } finally {
        running.delete(call)
        held--
      }
    },
  }
}
