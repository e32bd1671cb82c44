import { backstageOf } from '../engine/backstage.ts'
import type { AnyResult, Call } from '../engine/call.ts'
import type { ToolDefinition } from '../protocol/definitions.ts'
import type { CallToolResult } from '../protocol/methods.ts'
import { checkNumber } from '../resilience/setting.ts'
import type { Awaitable } from '../schema/awaitable.ts'
import type { Storage } from '../storage/storage.ts'
import { callerOf, createCallKeys, prefixOf } from './call-key.ts'
import { KeptResults, type KeptResultsOptions, LONGEST_TTL, type Order } from './kept-results.ts'
import { forAnyMethod, type Layer } from './layer.ts'
import { createShelf } from './shelf.ts'

/** What is kept, and for how long. */
export interface CacheLayerOptions extends KeptResultsOptions {
  /** Milliseconds that a result is kept; more than 24 hours count as that. */
  readonly ttl: number
  /**
   * Which tools besides those whose annotations say `readOnlyHint`: `true` or an own `ttl`; `false` leaves one out that
   * would be kept.
   */
  readonly tools?: Readonly<Record<string, boolean | { readonly ttl: number }>>
  /** What a result depends on besides the caller, their scopes and the arguments: a tenant, a language. */
  readonly vary?: (call: Call<'tools/call'>) => string
  /** What `invalidate` may name later, besides the tool. */
  readonly tags?: (call: Call<'tools/call'>) => readonly string[]
  /** Keeps results here instead, for several processes; `name` keeps servers that use one storage apart. */
  readonly shared?: { readonly storage: Storage; readonly name: string }
}

/** Which results go: those of a tool, or with a tag. */
export type Stale = { readonly tool: string } | { readonly tag: string }

/** What became of calls whose results may be kept. */
export interface CacheStats {
  readonly hits: number
  readonly misses: number
  /** How often the storage failed, or had something that is no result; such calls were misses. */
  readonly failures: number
}

/** A layer that keeps results. */
export interface CacheLayer extends Layer {
  /** Forgets results; gives how many. What is being loaded meanwhile is not kept either. */
  invalidate(stale: Stale): Awaitable<number>
  /** Forgets everything. */
  clear(): Awaitable<void>
  readonly stats: CacheStats
}

/**
 * Keeps results of tools that only read: those with `readOnlyHint`, and those that you name. One caller's results are
 * for that caller with those scopes, those arguments and this very definition of the tool; calls for the same that come
 * together are made once. Errors, and whatever took an answer of the client or was cancelled, are not kept.
 *
 * @example
 * const cached = cache({ ttl: 60_000, tools: { report: true, now: false }, tags: ({ params }) => [`user:${params.arguments?.id}`] })
 * mcp.use(cached)
 * cached.invalidate({ tag: 'user:7' })
 */
export function cache(options: CacheLayerOptions): CacheLayer {
  const { vary, tags, shared } = options
  const ttlOf = createTtls(options)
  const results = new KeptResults(options)
  const keyOf = createCallKeys()
  const stats = { hits: 0, misses: 0, failures: 0 }
  const shelf = shared && createShelf({ ...shared, onHit: () => stats.hits++, onFailure: () => stats.failures++ })

  const answer = (
    definition: ToolDefinition | undefined,
    call: Call<'tools/call'>,
    next: () => Promise<CallToolResult>,
  ): Awaitable<CallToolResult> => {
    const { name: tool, arguments: args } = call.params
    const ttl = definition === undefined ? 0 : ttlOf(tool, definition)
    if (definition === undefined || ttl === 0) return next()
    const { auth, version } = call.context
    const wanted = { tool, definition, version, caller: callerOf(auth), args, also: vary?.(call) ?? '' }
    const key = keyOf(wanted)
    const known = shelf === undefined ? results.get<CallToolResult>(key) : undefined
    if (known !== undefined) {
      stats.hits++
      return known
    }
    const load = (): Promise<CallToolResult> => {
      stats.misses++
      return next()
    }
    const order: Order<CallToolResult> = {
      key,
      tags: tags?.(call) ?? NO_TAGS,
      ttl,
      context: call.context,
      isGood: isGoodResult,
      load,
    }
    return shelf === undefined ? results.load(order) : shelf.load(results, order, wanted)
  }

  const layer = forAnyMethod(function cache(call, next): Awaitable<AnyResult> {
    if (call.method !== 'tools/call') return next()
    const load = next as () => Promise<CallToolResult> // of the call that this is
    const found = backstageOf(call.context).definitionOf(call.params.name, call.params.arguments ?? {})
    return found instanceof Promise
      ? found.then((definition) => answer(definition, call, load))
      : answer(found, call, load)
  })
  return Object.assign(layer, {
    stats,
    invalidate: (stale: Stale): Awaitable<number> => {
      const count = results.invalidate('tool' in stale ? { prefix: prefixOf(stale.tool) } : stale)
      return shelf === undefined ? count : shelf.forget(stale)
    },
    clear: (): Awaitable<void> => {
      results.clear()
      return shelf?.forget().then(() => undefined)
    },
  })
}

const NO_TAGS: readonly string[] = Object.freeze([])

function isGoodResult({ isError }: CallToolResult): boolean {
  return isError !== true
}

/** How long the results of a tool are kept; 0 for not at all. */
function createTtls({ ttl, tools = {} }: CacheLayerOptions): (tool: string, definition: ToolDefinition) => number {
  const checked = (setting: string, value: number): number =>
    Math.min(checkNumber(`cache: ${setting}`, value, { least: 1 }), LONGEST_TTL)
  const general = checked('ttl', ttl)
  const own = new Map(
    Object.entries(tools).map(([name, said]) => {
      if (typeof said === 'object') return [name, checked(`tools.${name}.ttl`, said.ttl)]
      return [name, said ? general : 0]
    }),
  )
  return (tool, { annotations }) => own.get(tool) ?? (annotations?.readOnlyHint === true ? general : 0)
}
