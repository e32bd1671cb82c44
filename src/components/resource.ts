import type { Awaitable } from '../engine/call.ts'
import type { Context } from '../engine/context.ts'
import type { CacheHint } from '../protocol/cache-hint.ts'
import type { Annotations } from '../protocol/content.ts'
import type { ResourceDefinition } from '../protocol/definitions.ts'
import { DefinitionError } from '../protocol/errors.ts'
import type { AnySchema, OutputOf } from '../schema/schema.ts'
import type { ArgumentName, Completions } from './completion.ts'
import type { Resource, Template, Wanting } from './component.ts'
import { labelOf } from './component-name.ts'
import { NO_INPUT } from './input.ts'
import { freezeTags, frozenCopy, type Metadata, versionMember } from './metadata.ts'
import {
  createRead,
  keepFrom,
  type Readable,
  type ReadableOptions,
  type ReadHandler,
  showReadable,
} from './readable.ts'
import { defineTemplate } from './template.ts'
import { checkTimeout } from './time-limit.ts'
import type { UriParams, UriVariable } from './uri-params.ts'
import { TEMPLATE_LIMITS } from './uri-parse.ts'

/**
 * How long what was read may be kept. `ttlMs` is told to clients, and so is `cacheScope`; what is left out is as the server
 * says of all.
 */
export interface ResourceCache extends Partial<CacheHint> {
  /**
   * Milliseconds for which the server itself keeps what the handler gave, at most 24 hours; reads that come together run it
   * once. Each caller has their own unless `cacheScope` is `public`. `mcp.changed('resource', uri)` ends it.
   */
  readonly ttl?: number
}

/** What a resource is, besides its URI and its handler. */
export interface ResourceOptions<
  U extends string = string,
  In extends AnySchema | undefined = AnySchema | undefined,
  Ctx extends Context = Context,
> extends Metadata {
  /** Default: the last part of the URI that is no variable. */
  readonly name?: string
  /** Default: told by what the handler returns. */
  readonly mimeType?: string
  /** Bytes; not for templates. */
  readonly size?: number
  readonly annotations?: Annotations
  /** Checks and converts the variables of a template. */
  readonly input?: In & OnlyVariables<U, In>
  /** Values that a client may offer while somebody fills a template in. */
  readonly complete?: Completions<UriVariable<U>, Ctx>
  /**
   * Variables whose values may be anything. All others are refused where they could lead out of a
   * directory: `..`, absolute paths, drive letters, `~`, backslashes.
   */
  readonly unscreened?: readonly UriVariable<U>[]
  /** Milliseconds until a read fails with `TIMEOUT`; default 60,000, at most 30 minutes. */
  readonly timeout?: number
  /** How long what was read may be kept, here and by clients. */
  readonly cache?: ResourceCache
}

/** Refuses a schema with a member that is no variable of the URI. */
type OnlyVariables<U extends string, In extends AnySchema | undefined> = string extends U | ArgumentName<In>
  ? unknown
  : [Exclude<ArgumentName<In>, UriVariable<U>>] extends [never]
    ? unknown
    : { readonly 'not a variable of the URI': Exclude<ArgumentName<In>, UriVariable<U>> }

/** The parameters a handler receives: what the schema gives, or the variables as strings. */
export type ResourceParams<U extends string, In extends AnySchema | undefined> = In extends AnySchema
  ? OutputOf<In>
  : UriParams<U>

/** The function behind a resource. `undefined` means that there is no such resource. */
export type ResourceHandler<
  U extends string,
  In extends AnySchema | undefined = undefined,
  Ctx extends Context = Context,
> = (params: ResourceParams<U, In>, ctx: Ctx) => Awaitable<unknown>

/**
 * Makes a resource from a function, or with `{variables}` in the URI a whole family of them. The handler
 * returns a string, bytes, data (sent as JSON), `file()`, or a list of contents.
 *
 * @example
 * resource('config://app', { mimeType: 'application/json' }, () => ({ theme: 'dark' }))
 * resource('users://{id}/profile{?lang}', { description: 'A user' }, ({ id, lang }) => loadUser(id, lang))
 */
export function resource<U extends string, In extends AnySchema | undefined = undefined, Ctx extends Context = Context>(
  uri: U,
  options: ResourceOptions<U, In, Ctx>,
  handler: ResourceHandler<U, In, Ctx>,
): Wanting<Resource | Template, Ctx> {
  const label = labelOf(uri.includes('{') ? 'template' : 'resource', uri)
  checkUri(label, uri)
  const limit = { label, timeout: checkTimeout(label, options.timeout) }
  // From here on the types that tie options and handler to this URI have done their work.
  const readable: Readable = {
    uri,
    options: options as ReadableOptions,
    handler: handler as unknown as ReadHandler,
    limit,
  }
  const made: Resource | Template = uri.includes('{') ? defineTemplate(readable) : defineResource(readable)
  return made as Wanting<Resource | Template, Ctx> // which adds nothing to it but the type
}

function defineResource(readable: Readable): Resource {
  const { uri, options, limit } = readable
  const { label } = limit
  checkFixed(label, options)
  const { size } = options
  const definition: ResourceDefinition = {
    uri,
    ...showReadable(label, uri, options),
    ...(size !== undefined && { size }),
  }
  const read = createRead(readable, NO_INPUT)

  return Object.freeze({
    kind: 'resource',
    id: uri,
    definition: frozenCopy(label, definition),
    tags: freezeTags(label, options.tags),
    ...versionMember(label, options.version),
    ...keepFrom(label, options),
    read: (asked: string, context: Context) => read(NO_PARAMS, context, asked),
  })
}

const NO_PARAMS = Object.freeze({})

function checkFixed(label: string, { size, input, complete, unscreened }: ReadableOptions): void {
  if (size !== undefined && !(Number.isSafeInteger(size) && size >= 0)) {
    throw new DefinitionError(label, `size is ${String(size)}; give a number of bytes`)
  }
  if (input === undefined && Object.keys(complete ?? {}).length === 0 && (unscreened ?? []).length === 0) return
  throw new DefinitionError(
    label,
    'input, complete and unscreened need variables; write some into the URI, as in "users://{id}"',
  )
}

function checkUri(label: string, uri: string): void {
  if (uri.length > TEMPLATE_LIMITS.uri)
    throw new DefinitionError(label, `the URI is longer than ${TEMPLATE_LIMITS.uri} characters`)
  if (!/^[A-Za-z][A-Za-z0-9+.-]*:/.test(uri)) {
    throw new DefinitionError(label, 'a URI begins with a scheme, as in "config://app"')
  }
  if (/[\s\p{Cc}\p{Cs}]/u.test(uri)) {
    throw new DefinitionError(label, 'a URI holds no blanks or control characters; percent-encode them')
  }
  if (uri.includes('}') && !uri.includes('{')) throw new DefinitionError(label, 'a "}" has no "{" before it')
}
