import type { Application, CacheHint } from '../../engine/application.ts'
import type { AnyResult } from '../../engine/call.ts'
import { CACHE_HINT } from '../../protocol/cache-hint.ts'
import { openListJson } from '../../protocol/known-json.ts'
import type { Method } from '../../protocol/methods.ts'
import { remember } from '../encode.ts'
import type { ResultText } from '../text.ts'
import { SERVER_INFO } from './revision.ts'

/** Makes the text of a result, with the members that this era adds to it. Throws for what is no JSON. */
export type EncodeResult = (method: string, result: AnyResult) => ResultText

/** Lists, whose results tell how long they may be kept, as those of discovery and of reading do (server/utilities/caching). */
const LISTS: readonly Method[] = ['tools/list', 'prompts/list', 'resources/list', 'resources/templates/list']

type Members = Readonly<Record<string, unknown>>
type Encode = (result: object) => ResultText

/** The encoder of a server. `all` are the revisions that discovery offers. */
export function createEncoder(application: Application, all: readonly string[]): EncodeResult {
  const meta = { [SERVER_INFO]: application.identity }
  const { additions } = application
  const types = additions?.resultTypes ?? NO_TYPES
  const hinted = (hint: CacheHint, open?: (result: object) => string): ((result: object) => string) =>
    withMembers({ resultType: 'complete', ...sound(hint) }, { meta, types, open })
  const plain = withMembers({ resultType: 'complete' }, { meta, types })
  const read = cacheable(() => application.cacheHint('resources/read'), hinted)
  const encoders = new Map<string, Encode>([
    ['tools/call', plain],
    ['resources/read', (result) => (CACHE_HINT in result ? hinted(ownHint(result, application)) : read())(result)],
  ])
  for (const method of LISTS) {
    // Pages are the same frozen objects until their list changes.
    const current = cacheable(
      () => application.cacheHint(method),
      (hint) => remember(hinted(hint, openListJson)),
    )
    encoders.set(method, (result) => current()(result))
  }
  const discovery = cacheable(() => application.cacheHint('server/discover'), hinted)
  // The identity moves to `_meta`, where every result of this revision has it.
  encoders.set('server/discover', (result) => discovery()({ supportedVersions: all, ...result, serverInfo: undefined }))
  const encoderOf = (method: string): Encode => {
    const hint = additions?.method(method)?.cacheHint
    return hint === undefined ? plain : hinted(hint)
  }
  return (method, result) => (encoders.get(method) ?? encoderOf(method))(result)
}

const NO_TYPES: ReadonlySet<string> = new Set()

/** The encoder for a hint, made anew when the hint changes: a list may come to depend on who is calling. */
function cacheable(hintNow: () => CacheHint, make: (hint: CacheHint) => Encode): () => Encode {
  let hint = hintNow()
  let encode = make(hint)
  return () => {
    const now = hintNow()
    if (now.ttlMs !== hint.ttlMs || now.cacheScope !== hint.cacheScope) {
      hint = now
      encode = make(now)
    }
    return encode
  }
}

/** What a resource says itself goes before what the server says of all. */
function ownHint(result: object, application: Application): CacheHint {
  const own: unknown = Reflect.get(result, CACHE_HINT)
  return { ...application.cacheHint('resources/read'), ...(own as Partial<CacheHint>) } // as `CACHE_HINT` says
}

function sound({ ttlMs, cacheScope }: CacheHint): CacheHint {
  return { ttlMs: Number.isSafeInteger(ttlMs) && ttlMs > 0 ? ttlMs : 0, cacheScope }
}

/** The members are text already when a result comes: it is made text once and they are put to its end. */
function withMembers(members: Members, { meta, types, open = openJson }: Fixed): (result: object) => string {
  const end = JSON.stringify({ ...members, _meta: meta }).slice(1)
  return (result) => {
    if (hasOurs(result)) {
      const own = isOfType(result, types) ? undefined : members
      return JSON.stringify({ ...result, ...own, _meta: { ...metaOf(result), ...meta } })
    }
    const text = open(result)
    return text === '{' ? `{${end}` : `${text},${end}`
  }
}

/** The JSON of a result, without the brace that closes it. */
function openJson(result: object): string {
  const text = JSON.stringify(result)
  if (text.charCodeAt(0) !== OPENING_BRACE) throw new TypeError('A result must be an object')
  return text.slice(0, -1)
}

interface Fixed {
  readonly meta: Members
  /** Types of result that extensions have. */
  readonly types: ReadonlySet<string>
  /** What makes results text, but for the brace that closes them. */
  readonly open?: ((result: object) => string) | undefined
}

/** Whether a result is of a type that an extension adds: it then has the members that the extension says. */
function isOfType(result: object, types: ReadonlySet<string>): boolean {
  return 'resultType' in result && types.has(String(result.resultType))
}

const OPENING_BRACE = 123

function hasOurs(result: object): boolean {
  return '_meta' in result || 'resultType' in result || 'ttlMs' in result || 'cacheScope' in result
}

function metaOf(result: object): object | undefined {
  return '_meta' in result && typeof result._meta === 'object' && result._meta !== null ? result._meta : undefined
}
