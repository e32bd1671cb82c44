import type { Keep, Resource, Template } from '../components/component.ts'
import type { Change, Stop } from '../engine/application.ts'
import type { Context } from '../engine/context.ts'
import { callerOf } from '../middleware/call-key.ts'
import { KeptResults, type Order } from '../middleware/kept-results.ts'
import type { ReadResourceResult } from '../protocol/methods.ts'
import type { Part } from './lifespan.ts'

/** What a server keeps of resources that say how long they may be kept. */
export interface KeptReads {
  /** Reads a resource, or gives what is kept of it. Reads of the same that come together run the handler once. */
  read(readable: Kept, uri: string, context: Context): Promise<ReadResourceResult>
  /** The contents at a URI have changed: forgets them, and what is being read of them. */
  drop(uri: string): void
}

/** A resource or template that is kept. */
export type Kept = (Resource | Template) & { readonly keep: Keep }

/** What the store needs of its server. */
export interface KeptReadsHost {
  /** Adds what ends with the server. */
  add(part: Part): unknown
  /** Calls `listener` at every change, those that other replicas tell of among them. */
  subscribe(listener: (change: Change) => void): Stop
}

/** Makes an empty store. Changes are listened to from the first read that needs it. */
export function createKeptReads(host: KeptReadsHost): KeptReads {
  const serials = new WeakMap<object, number>()
  let last = 0
  let results: KeptResults | undefined
  let stop: Stop | undefined
  let isPart = false

  const drop = (uri: string): void => void results?.invalidate({ tag: uri })
  const listen = (): void => {
    stop ??= host.subscribe((change) => {
      if (change.kind === 'contents') drop(change.uri)
    })
  }
  const end = (): void => {
    stop?.()
    stop = undefined
    results?.clear()
  }
  const begin = (): void => {
    listen()
    if (isPart) return
    isPart = true
    const start = () => {
      listen()
      return end
    }
    host.add({ start })
  }

  /** Another resource under the same URI has another number. */
  const serialOf = (definition: object): number => {
    const serial = serials.get(definition) ?? ++last
    serials.set(definition, serial)
    return serial
  }

  return {
    drop,
    async read(readable, uri, context) {
      begin()
      results ??= new KeptResults()
      const { ttl, shared } = readable.keep
      const caller = shared ? '' : callerOf(context.auth)
      const order: Order<ReadResourceResult> = {
        key: `${serialOf(readable.definition)}\n${caller}\n${uri}`,
        tags: [uri],
        ttl,
        context,
        isGood: () => true,
        load: async () => readable.read(uri, context),
      }
      return results.get<ReadResourceResult>(order.key) ?? results.load(order)
    },
  }
}
