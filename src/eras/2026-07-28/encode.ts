import type { Application, CacheHint } from '../../engine/application.ts'
import type { AnyResult } from '../../engine/call.ts'
import type { Method } from '../../protocol/methods.ts'
import { remember } from '../encode.ts'
import type { ResultText } from '../text.ts'
import { SERVER_INFO } from './revision.ts'

/** Makes the text of a result, with the members that this era adds to it. Throws for what is no JSON. */
export type EncodeResult = (method: string, result: AnyResult) => ResultText

/** Methods whose results tell how long they may be kept (server/utilities/caching). */
const CACHEABLE: readonly Method[] = [
  'server/discover',
  'tools/list',
  'prompts/list',
  'resources/list',
  'resources/templates/list',
  'resources/read',
]

type Members = Readonly<Record<string, unknown>>
type Encode = (result: object) => ResultText

/** The encoder of a server. `all` are the revisions that discovery offers. */
export function createEncoder(application: Application, all: readonly string[]): EncodeResult {
  const meta = { [SERVER_INFO]: application.identity }
  const plain = withMembers({ resultType: 'complete' }, meta)
  const encoders = new Map<string, Encode>()
  for (const method of CACHEABLE) {
    const encode = withMembers({ resultType: 'complete', ...sound(application.cacheHint(method)) }, meta)
    // Pages are the same frozen objects until their list changes.
    encoders.set(method, method.endsWith('/list') ? remember(encode) : encode)
  }
  const encodeDiscovery = encoders.get('server/discover') ?? plain
  // The identity moves to `_meta`, where every result of this revision has it.
  encoders.set('server/discover', (result) =>
    encodeDiscovery({ supportedVersions: all, ...result, serverInfo: undefined }),
  )
  return (method, result) => (encoders.get(method) ?? plain)(result)
}

function sound({ ttlMs, cacheScope }: CacheHint): CacheHint {
  return { ttlMs: Number.isSafeInteger(ttlMs) && ttlMs > 0 ? ttlMs : 0, cacheScope }
}

/** The members are text already when a result comes: it is made text once and they are put to its end. */
function withMembers(members: Members, meta: Members): (result: object) => string {
  const end = JSON.stringify({ ...members, _meta: meta }).slice(1)
  return (result) => {
    if (hasOurs(result)) return JSON.stringify({ ...result, ...members, _meta: { ...metaOf(result), ...meta } })
    const text = JSON.stringify(result)
    if (text.charCodeAt(0) !== OPENING_BRACE) throw new TypeError('A result must be an object')
    return text === '{}' ? `{${end}` : `${text.slice(0, -1)},${end}`
  }
}

const OPENING_BRACE = 123

function hasOurs(result: object): boolean {
  return '_meta' in result || 'resultType' in result || 'ttlMs' in result || 'cacheScope' in result
}

function metaOf(result: object): object | undefined {
  return '_meta' in result && typeof result._meta === 'object' && result._meta !== null ? result._meta : undefined
}
