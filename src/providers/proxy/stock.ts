import type { Client } from '../../client/index.ts'
import { type Components, KINDS, type Kind } from '../../components/component.ts'
import type { Change, Stop } from '../../engine/application.ts'
import type { Awaitable } from '../../engine/call.ts'
import type { Meta } from '../../protocol/content.ts'
import { type AnyDefinition, listOf } from './definitions.ts'
import type { Shelf } from './shelf.ts'

/** What a server elsewhere has, as it was when it was last asked or told. */
export interface Stock {
  list<K extends Kind>(kind: K, meta: Meta): Awaitable<readonly Components[K][]>
  find<K extends Kind>(kind: K, id: string, meta: Meta): Awaitable<Components[K] | undefined>
  onChange(listener: (change: Change) => void): Stop
  /** Hears of the changes that the server tells, from now on. */
  follow(client: Client): void
}

/** What a stock is made of. */
export interface StockOptions {
  readonly shelf: Shelf
  /** Milliseconds after which a list is asked for again, behind the back of whoever asks. */
  readonly maxAgeMs: number
  /** The client to ask, with what goes along. */
  ask<T>(work: (client: Client) => Promise<T>): Promise<T>
  /** What of the tools is taken. */
  admit<K extends Kind>(kind: K, definitions: readonly AnyDefinition<K>[]): Awaitable<readonly AnyDefinition<K>[]>
  report(problem: Error): void
}

/** A miss asks the server again, but not more often than that: an unknown name must not cost it a list each time. */
const MISS_MS = 1_000

/** Makes a stock; the first who asks for a list waits for it, and nobody asks for one twice at once. */
export function createStock({ shelf, maxAgeMs, ask, admit, report }: StockOptions): Stock {
  const listeners = new Set<(change: Change) => void>()
  const askedAt = new Map<Kind, number>()
  const asking = new Map<Kind, Promise<void>>()

  const refresh = (kind: Kind, meta: Meta): Promise<void> => {
    const running = asking.get(kind)
    if (running !== undefined) return running
    const isFirst = !askedAt.has(kind)
    const work = ask((client) => listOf(kind, client, { meta, fresh: true }))
      .then((definitions) => admit(kind, definitions))
      .then((definitions) => {
        askedAt.set(kind, performance.now())
        if (shelf.put(kind, definitions) && !isFirst) tell({ kind })
      })
      .finally(() => asking.delete(kind))
    asking.set(kind, work)
    return work
  }
  const tell = (change: Change): void => {
    for (const listener of [...listeners]) listener(change)
  }
  const ready = (kind: Kind, meta: Meta): Promise<void> | undefined => {
    const at = askedAt.get(kind)
    if (at === undefined) return refresh(kind, meta)
    if (performance.now() - at > maxAgeMs) refresh(kind, meta).catch(report)
    return undefined
  }

  return {
    list(kind, meta) {
      const waiting = ready(kind, meta)
      return waiting === undefined ? shelf.list(kind) : waiting.then(() => shelf.list(kind))
    },
    find(kind, id, meta) {
      const waiting = ready(kind, meta)
      if (waiting !== undefined) return waiting.then(() => shelf.find(kind, id))
      const found = shelf.find(kind, id)
      if (found !== undefined || performance.now() - (askedAt.get(kind) ?? 0) < MISS_MS) return found
      return refresh(kind, meta).then(() => shelf.find(kind, id))
    },
    onChange(listener) {
      const own = (change: Change): void => listener(change)
      listeners.add(own)
      return () => void listeners.delete(own)
    },
    follow(client) {
      const { tools, prompts, resources } = client.capabilities
      const wanted = {
        ...(tools?.listChanged && { tools: true }),
        ...(prompts?.listChanged && { prompts: true }),
        ...(resources?.listChanged && { resourceList: true }),
      }
      if (Object.keys(wanted).length === 0) return
      const renew = (kinds: readonly Kind[]): void => {
        for (const kind of kinds) if (askedAt.has(kind)) refresh(kind, {}).catch(report)
      }
      client
        .listen(wanted, (change) => {
          if (change.kind === 'tools') renew(['tool'])
          else if (change.kind === 'prompts') renew(['prompt'])
          else if (change.kind === 'resourceList') renew(['resource', 'template'])
          else renew(KINDS)
        })
        .catch(report)
    },
  }
}
