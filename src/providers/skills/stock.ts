import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { Resource } from '../../components/component.ts'
import { resource } from '../../components/resource.ts'
import type { CacheHint } from '../../protocol/cache-hint.ts'
import type { ResourceDefinition } from '../../protocol/definitions.ts'
import { DefinitionError } from '../../protocol/errors.ts'
import type { Skill } from '../../protocol/skills.ts'
import { fileTypeOf } from './file-type.ts'
import type { FoundFile } from './scan.ts'

/** A file as it was when it was read: its digest, its size and its contents belong together. */
export interface StockFile {
  readonly uri: string
  readonly stamp: string
  readonly bytes: Uint8Array
  /** Undefined where the bytes are no UTF-8. */
  readonly text: string | undefined
  readonly digest: string
}

/** All skills of a folder at one moment. Nothing is read from the disk any more once it is there. */
export interface Stock {
  /** In the order of their URIs. */
  readonly skills: readonly Skill[]
  /** Every file of them, by its URI. */
  readonly files: ReadonlyMap<string, StockFile>
  /** The children of every folder in a skill, by its URI without a slash at the end. */
  readonly folders: ReadonlyMap<string, readonly ResourceDefinition[]>
  /** Every file as a resource, by its URI. */
  readonly resources: ReadonlyMap<string, Resource>
  /** The `SKILL.md` files, as `resources/list` shows them. */
  readonly listed: readonly Resource[]
}

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Reads a file, unless `before` holds it as it is. */
export async function stockFile(uri: string, found: FoundFile, before: Stock | undefined): Promise<StockFile> {
  const known = before?.files.get(uri)
  if (known?.stamp === found.stamp) return known
  const bytes = await readFile(found.place)
  if (bytes.length !== found.size) {
    throw new DefinitionError(`skill file ${found.path}`, 'it changed while it was read; try again')
  }
  const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`
  return { uri, stamp: found.stamp, bytes, text: textOf(bytes), digest }
}

/** The text only if it stands for exactly these bytes. */
function textOf(bytes: Uint8Array): string | undefined {
  try {
    return UTF8.decode(bytes)
  } catch {
    return undefined
  }
}

/** What a file is called, and how its contents may be kept. */
export interface FileFace {
  readonly name: string
  readonly description?: string | undefined
  readonly cache: Partial<CacheHint>
}

/** A file as a resource. */
export function resourceOf({ uri, text, bytes }: StockFile, { name, description, cache }: FileFace): Resource {
  const mimeType = fileTypeOf(uri, text !== undefined)
  const options = {
    name,
    mimeType,
    size: bytes.length,
    ...(Object.keys(cache).length > 0 && { cache }),
    ...(description !== undefined && { description }),
  }
  // A fixed URI, for braces in names are encoded: it is no template.
  return resource(uri, options, () => text ?? bytes) as Resource
}
