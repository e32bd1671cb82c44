import type { Context } from '../engine/context.ts'
import { CACHE_HINT, type CacheHint, checkCacheHint } from '../protocol/cache-hint.ts'
import type { Annotations } from '../protocol/content.ts'
import { DefinitionError, McpError } from '../protocol/errors.ts'
import type { ReadResourceResult } from '../protocol/methods.ts'
import { resourceNotFound } from '../protocol/resource-not-found.ts'
import { explain } from '../schema/explain.ts'
import type { AnySchema, CompiledSchema } from '../schema/schema.ts'
import type { Completions } from './completion.ts'
import type { Keep } from './component.ts'
import { type Metadata, type Shown, showMetadata } from './metadata.ts'
import { refuseFor, toContents } from './resource-contents.ts'
import { joinSteps, type Run } from './run.ts'
import type { TimeLimit } from './time-limit.ts'

/** Options of resources and templates, without the types that tie them to one URI. */
export interface ReadableOptions extends Metadata {
  readonly name?: string
  readonly mimeType?: string
  readonly size?: number
  readonly annotations?: Annotations
  readonly input?: AnySchema | undefined
  readonly complete?: Completions<string>
  readonly unscreened?: readonly string[]
  readonly timeout?: number
  readonly cache?: Partial<CacheHint> & { readonly ttl?: number }
}

/** The handler of a resource or template, without its types. */
export type ReadHandler = (params: never, ctx: Context) => unknown

/** A resource or template on its way to being one. */
export interface Readable {
  readonly uri: string
  readonly options: ReadableOptions
  readonly handler: ReadHandler
  readonly limit: TimeLimit
}

/** Joins what happens at a read: check the parameters, run the handler, make contents of what it returned. */
export function createRead({ options, handler, limit }: Readable, input: CompiledSchema): Run<ReadResourceResult> {
  const { label } = limit
  const refuse = refuseFor(label)
  const hint = hintFrom(label, options)
  return joinSteps<never, ReadResourceResult>({
    input,
    handler,
    limit,
    refuse: (problems, params, uri) => {
      throw new McpError('INVALID_PARAMS', `${label}: ${explain(problems, input.json, params)}`, { data: { uri } })
    },
    convert: (returned, uri) => {
      if (returned === undefined) throw resourceNotFound(uri)
      const contents = toContents(returned, { uri, mimeType: options.mimeType, refuse })
      return hint === undefined ? { contents } : { contents, [CACHE_HINT]: hint }
    },
  })
}

function hintFrom(label: string, { cache = {} }: ReadableOptions): Partial<CacheHint> | undefined {
  const { ttl: _, ...hint } = cache
  checkCacheHint(`cache of ${label}`, hint)
  return Object.keys(hint).length === 0 ? undefined : Object.freeze(hint)
}

const LONGEST_TTL = 24 * 60 * 60_000

/** How long the server keeps what is read; nothing where it does not. Throws for a time that is none. */
export function keepFrom(
  label: string,
  { cache: { ttl, cacheScope } = {} }: ReadableOptions,
): { readonly keep?: Keep } {
  if (ttl === undefined) return {}
  if (!(Number.isFinite(ttl) && ttl > 0)) {
    throw new DefinitionError(`cache of ${label}`, `ttl is ${String(ttl)}; give milliseconds above 0`)
  }
  return { keep: Object.freeze({ ttl: Math.min(ttl, LONGEST_TTL), shared: cacheScope === 'public' }) }
}

/** The part of a definition that resources and templates share. */
export function showReadable(
  label: string,
  uri: string,
  options: ReadableOptions,
): Shown & { readonly name: string; readonly mimeType?: string; readonly annotations?: Annotations } {
  const { name = nameIn(uri), mimeType, annotations } = options
  if (typeof name !== 'string' || name === '')
    throw new DefinitionError(label, 'name must be a string that is not empty')
  if (mimeType !== undefined && !MIME_TYPE.test(mimeType)) {
    throw new DefinitionError(
      label,
      `mimeType "${String(mimeType).slice(0, 80)}" is none; write type/subtype, as in text/plain`,
    )
  }
  return {
    name,
    ...showMetadata(label, options),
    ...(mimeType !== undefined && { mimeType }),
    ...(annotations !== undefined && { annotations }),
  }
}

const MIME_TYPE = /^[^\s/;]+\/[^\s/;]+(?:\s*;.*)?$/

/** The last part of a URI that is no variable: `profile` for `users://{id}/profile{?lang}`. */
function nameIn(uri: string): string {
  const fixed = uri.replaceAll(/\{[^}]*\}/g, '').split(/[?#]/)[0] ?? uri
  const parts = fixed.split(/[/:]+/).filter((part) => /[\p{L}\p{N}]/u.test(part))
  return parts.at(-1) ?? uri
}
