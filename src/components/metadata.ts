import type { Icon, Meta } from '../protocol/content.ts'
import { DefinitionError } from '../protocol/errors.ts'
import { isMetaKey } from '../protocol/meta-key.ts'
import { plain } from './plain.ts'

/** What every component may say of itself. */
export interface Metadata {
  /** For people; the name stays for programs. */
  readonly title?: string
  readonly description?: string
  /** `https:` or `data:` only. */
  readonly icons?: readonly Icon[]
  /** For filters; not sent. */
  readonly tags?: readonly string[]
  /** A semantic version such as `2.1.0`, or any other text. Register several: callers see the highest unless they ask. */
  readonly version?: string
  /** Sent as `_meta`. */
  readonly meta?: Meta
}

/** The part of every definition that comes from its metadata. */
export interface Shown {
  readonly title?: string
  readonly description?: string
  readonly icons?: readonly Icon[]
  readonly _meta?: Meta
}

/** Checks metadata and gives it as definitions show it. Throws `DefinitionError`. */
export function showMetadata(label: string, { title, description, icons, meta }: Metadata): Shown {
  for (const icon of icons ?? []) checkIcon(label, icon)
  for (const key of Object.keys(meta ?? {})) checkMetaKey(label, key)
  return {
    ...(title !== undefined && { title }),
    ...(description !== undefined && { description }),
    ...(icons !== undefined && { icons }),
    ...(meta !== undefined && { _meta: meta }),
  }
}

/** The tags of a component; a copy, frozen. */
export function freezeTags(label: string, tags: readonly string[] = []): readonly string[] {
  if (Array.isArray(tags) && tags.every((tag) => typeof tag === 'string')) return Object.freeze([...tags])
  throw new DefinitionError(label, 'tags must be a list of strings')
}

/** The version of a component as a member of it, if it has one. Throws `DefinitionError`. */
export function versionMember(label: string, version: string | undefined): { readonly version?: string } {
  if (version === undefined) return {}
  if (typeof version === 'string' && /^[\w.+-]{1,64}$/.test(version)) return { version }
  throw new DefinitionError(label, `the version must be 1 to 64 of letters, digits and . _ + -, such as "2.1.0"`)
}

/** A deep copy of JSON data that nobody can change; what its author holds is not frozen. */
export function frozenCopy<T>(label: string, value: T): T {
  const refuse = (path: string, problem: string): Error => new DefinitionError(label, `definition${path} ${problem}`)
  // Plain data keeps its shape.
  return freezeDeep(structuredClone(plain(value, refuse))) as T
}

function freezeDeep(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  for (const member of Object.values(value)) freezeDeep(member)
  return Object.freeze(value)
}

const ICON = /^(?:https:\/\/|data:)/i

function checkIcon(label: string, icon: Icon): void {
  const src: unknown = icon?.src
  if (typeof src === 'string' && ICON.test(src)) return
  throw new DefinitionError(
    label,
    `the icon "${String(src).slice(0, 80)}" is neither an https: nor a data: URI; clients refuse others`,
  )
}

/** Keys of `_meta` that the protocol itself fills in. */
const RESERVED: ReadonlySet<string> = new Set([
  'progressToken',
  'io.modelcontextprotocol/protocolVersion',
  'io.modelcontextprotocol/clientInfo',
  'io.modelcontextprotocol/clientCapabilities',
  'io.modelcontextprotocol/logLevel',
  'io.modelcontextprotocol/subscriptionId',
  'io.modelcontextprotocol/serverInfo',
])

/** The naming rules of basic/index, `_meta`. */
function checkMetaKey(label: string, key: string): void {
  if (RESERVED.has(key))
    throw new DefinitionError(label, `the meta key "${key}" belongs to the protocol; choose another`)
  if (isMetaKey(key)) return
  throw new DefinitionError(
    label,
    `the meta key "${key.slice(0, 80)}" is malformed; write a name of letters, digits and - _ . or "example.com/name"`,
  )
}
