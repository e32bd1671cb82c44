import { isRecord } from '../protocol/json-rpc.ts'
import type { CallToolResult } from '../protocol/methods.ts'
import { VALUE_ROOT } from '../protocol/structured.ts'
import { timeout } from '../resilience/timeout.ts'
import type { Storage, Stored } from '../storage/storage.ts'
import { type Dependence, digestOf } from './call-key.ts'
import { type KeptResult, keepResult, reviveResult } from './kept-result.ts'
import type { KeptResults, Order } from './kept-results.ts'

/** Results in a storage that several processes use. */
export interface Shelf {
  /** Loads what no process has kept; `here` keeps nothing, but calls that come together are made once. */
  load(here: KeptResults, order: ToolOrder, wanted: Dependence): Promise<CallToolResult>
  /** Forgets what a tool gave, what has a tag, or everything; gives how many. */
  forget(stale?: { readonly tool: string } | { readonly tag: string }): Promise<number>
}

type ToolOrder = Order<CallToolResult>

/** How a shelf is told what happens. */
export interface ShelfOptions {
  readonly storage: Storage
  /** Keeps servers that use one storage apart. */
  readonly name: string
  /** A result was there. */
  readonly onHit: () => void
  /** The storage failed, or had something that is no result. */
  readonly onFailure: () => void
}

/** A storage that does not answer within this is as good as empty. */
const PATIENCE_MS = 1_000

/** Makes a shelf. A storage that fails costs what was kept, never a call. */
export function createShelf({ storage, name, onHit, onFailure }: ShelfOptions): Shelf {
  const prefix = `cache:${JSON.stringify(name)}`
  const prefixOf = (tool: string): string => `${prefix}${JSON.stringify(tool)}`
  const puts = new Set<Promise<void>>()
  let epoch = 0

  const take = async (key: string): Promise<CallToolResult | undefined> => {
    try {
      const stored = await timeout(() => storage.get(key), PATIENCE_MS)
      return stored === undefined ? undefined : reviveResult(readStored(stored))
    } catch {
      onFailure()
      return undefined
    }
  }
  const put = (key: string, result: CallToolResult, { ttl, tags }: ToolOrder): void => {
    const kept = keepResult(result, { key, tags, ttl })
    if (kept === undefined) return
    const stored = { text: kept.text, isValueRoot: Reflect.get(result, VALUE_ROOT) === true, tags }
    // Not at once: what fails here must fail as a promise.
    const done: Promise<void> = Promise.resolve()
      .then(() => storage.set(key, stored, { ttlMs: Math.ceil(ttl) }))
      .catch(onFailure)
      .finally(() => puts.delete(done))
    puts.add(done)
  }

  return {
    async load(here, order, wanted) {
      const key = `${prefixOf(wanted.tool)}${await digestOf(wanted)}`
      const begun = epoch
      let isStored = false
      const load = async (): Promise<CallToolResult> => {
        const stored = await take(key)
        if (stored === undefined) return order.load()
        isStored = true
        onHit()
        return stored
      }
      const onGood = (result: CallToolResult): void => {
        if (!isStored && epoch === begun) put(key, result, order)
      }
      return here.load({ ...order, key, ttl: 0, load, onGood })
    },
    async forget(stale) {
      epoch++
      // What is being put was loaded before.
      await Promise.all(puts)
      const tag = stale !== undefined && 'tag' in stale ? stale.tag : undefined
      let count = 0
      for await (const key of storage.list(stale !== undefined && 'tool' in stale ? prefixOf(stale.tool) : prefix)) {
        const isMeant = tag === undefined || tagsOf(await storage.get(key)).includes(tag)
        if (isMeant && (await storage.delete(key))) count++
      }
      return count
    },
  }
}

/** What `put` has stored. Throws for anything else: nobody knows who writes there. */
function readStored(stored: Stored): Pick<KeptResult, 'text' | 'marks'> {
  if (!isRecord(stored) || typeof stored.text !== 'string') throw new TypeError('no kept result')
  const result: unknown = JSON.parse(stored.text)
  if (!isRecord(result) || !Array.isArray(result.content)) throw new TypeError('no kept result')
  return { text: stored.text, marks: stored.isValueRoot === true ? [[VALUE_ROOT, true]] : [] }
}

function tagsOf(stored: Stored | undefined): readonly unknown[] {
  return isRecord(stored) && Array.isArray(stored.tags) ? stored.tags : []
}
