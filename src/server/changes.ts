import type { Change, Stop } from '../engine/application.ts'
import type { Awaitable } from '../engine/call.ts'
import type { Sightings } from './sightings.ts'

/**
 * Carries changes from wherever they happen to whoever listens. One that reaches further than this process may take
 * its time: what its functions give is waited for, and a failure is reported. Give it to `new FastMCP({ changes })` so
 * that a change told to one replica reaches the clients of all.
 */
export interface Changes {
  publish(change: Change): Awaitable<void>
  /** Calls `listener` at every change, those published by this very process among them, until stopped. */
  subscribe(listener: (change: Change) => void): Awaitable<Stop>
}

/** A bus that is here at once. */
export interface LocalChanges extends Changes {
  publish(change: Change): void
  subscribe(listener: (change: Change) => void): Stop
}

type Fail = (problem: Error) => void

/** A bus in memory. A listener that throws harms no other; `fail` hears of it. */
export function createChanges(fail: Fail): LocalChanges {
  const listeners = new Set<(change: Change) => void>()
  return {
    publish(change) {
      for (const listener of listeners) {
        try {
          listener(change)
        } catch (problem) {
          fail(toError(problem))
        }
      }
    },
    subscribe(listener) {
      const own = (change: Change): void => listener(change)
      listeners.add(own)
      return () => void listeners.delete(own)
    },
  }
}

/** The changes of one server, as its listeners hear them. */
export interface ServerChanges extends LocalChanges {
  /** Tells of a change that concerns the clients of every replica, over the bus; what is for some stays here. */
  announce(change: Change): void
}

/**
 * Makes the changes of a server. What is published concerns this server alone, such as its own list of tools: replicas
 * notice their own. All that is told during one turn is told once, and nothing of a list that is what it was at the last of
 * `sightings`. The bus is listened to only while anybody listens here.
 */
export function createServerChanges(bus: Changes, fail: Fail, sightings?: Sightings): ServerChanges {
  const local = createChanges(fail)
  const waiting = new Map<string, Told>()
  let listening = 0
  let stop: Promise<Stop> | undefined

  const flush = (): void => {
    const told = [...waiting.values()]
    waiting.clear()
    for (const { change, travels, audiences } of told) {
      const isNews = listening > 0 && (change.kind === 'contents' || sightings?.isNew(change.kind) !== false)
      if (travels) void attempt(() => bus.publish(change), fail)
      else if (isNews) local.publish(audiences === undefined ? change : { ...change, isFor: anyOf(audiences) })
    }
  }
  const tell = ({ isFor, ...change }: Change, travels: boolean): void => {
    if (waiting.size === 0) queueMicrotask(flush)
    const key = keyOf(change)
    const before = waiting.get(key)
    const audiences = before === undefined ? [] : before.audiences
    if (isFor !== undefined) audiences?.push(isFor)
    waiting.set(key, {
      change,
      travels: (travels && isFor === undefined) || before?.travels === true,
      audiences: isFor === undefined ? undefined : audiences,
    })
  }

  return {
    publish: (change) => tell(change, false),
    announce: (change) => tell(change, true),
    subscribe(listener) {
      const leave = local.subscribe(listener)
      if (listening === 0) sightings?.look()
      listening += 1
      stop ??= attempt(() => bus.subscribe(local.publish), fail).then((given) => given ?? (() => undefined))
      let isIn = true
      return () => {
        if (!isIn) return
        isIn = false
        leave()
        listening -= 1
        if (listening > 0) return
        void stop?.then((end) => end())
        stop = undefined
      }
    },
  }
}

/** What clients are told in the same words is one. */
function keyOf(change: Change): string {
  if (change.kind === 'contents') return `contents ${change.uri}`
  return change.kind === 'template' ? 'resource' : change.kind
}

/** A change as it waits for the end of the turn. */
interface Told {
  readonly change: Change
  readonly travels: boolean
  /** Whom it is for; undefined where that is everybody. */
  readonly audiences: Audience[] | undefined
}

type Audience = NonNullable<Change['isFor']>

function anyOf(audiences: readonly Audience[]): Audience {
  return (hearer) => audiences.some((isFor) => isFor(hearer))
}

/** Does what may fail now or later; `fail` hears of it. */
async function attempt<T>(work: () => Awaitable<T>, fail: Fail): Promise<T | undefined> {
  try {
    return await work()
  } catch (problem) {
    fail(toError(problem))
    return undefined
  }
}

function toError(problem: unknown): Error {
  return problem instanceof Error ? problem : new Error(String(problem))
}
