import type { Components, Kind } from '../components/component.ts'
import type { Awaitable } from '../engine/call.ts'
import { McpError } from '../protocol/errors.ts'
import type { Page } from '../protocol/methods.ts'
import type { Provider, View } from '../providers/provider.ts'

/** The member of a list result that holds the definitions of a kind. */
export const LIST_MEMBERS: {
  readonly tool: 'tools'
  readonly resource: 'resources'
  readonly template: 'resourceTemplates'
  readonly prompt: 'prompts'
} = { tool: 'tools', resource: 'resources', template: 'resourceTemplates', prompt: 'prompts' }

/** A page as it goes into a result; frozen, and the same object until the list changes. */
export type CatalogPage = Page & Readonly<Record<string, unknown>>

/** The lists of a server, cut into pages once per change. */
export interface Catalog {
  page(kind: Kind, view: View, cursor: string | undefined): Awaitable<CatalogPage>
  /** Whether there is anything of this kind to list. */
  has(kind: Kind, view: View): Awaitable<boolean>
}

interface Cut {
  readonly first: CatalogPage
  readonly byCursor: ReadonlyMap<string, CatalogPage>
}

type List = readonly Components[Kind][]

/**
 * Cuts what `provider` lists into pages of `pageSize`. A provider returns the same array until it
 * changes, so pages are kept by the identity of that array: there is nothing to invalidate.
 */
export function createCatalog(provider: Provider, pageSize: number): Catalog {
  const cuts = new WeakMap<List, Map<Kind, Cut>>()

  const cutOf = (kind: Kind, list: List): Cut => {
    const known = cuts.get(list) ?? new Map<Kind, Cut>()
    const cut = known.get(kind) ?? cutIntoPages(kind, list, pageSize)
    cuts.set(list, known.set(kind, cut))
    return cut
  }

  const pageOf = (kind: Kind, list: List, cursor: string | undefined): CatalogPage => {
    const cut = cutOf(kind, list)
    if (cursor === undefined) return cut.first
    return cut.byCursor.get(cursor) ?? pageFrom(kind, list, { start: positionOf(cursor, list), size: pageSize })
  }

  return {
    page(kind, view, cursor) {
      const list: Awaitable<List> = provider.list(kind, view)
      return list instanceof Promise ? list.then((known) => pageOf(kind, known, cursor)) : pageOf(kind, list, cursor)
    },
    has(kind, view) {
      const list: Awaitable<List> = provider.list(kind, view)
      return list instanceof Promise ? list.then((known) => known.length > 0) : list.length > 0
    },
  }
}

function cutIntoPages(kind: Kind, list: List, size: number): Cut {
  const byCursor = new Map<string, CatalogPage>()
  for (let start = size; start < list.length; start += size) {
    byCursor.set(cursorAfter(list, start - 1), pageFrom(kind, list, { start, size }))
  }
  return { first: pageFrom(kind, list, { start: 0, size }), byCursor }
}

function pageFrom(kind: Kind, list: List, cut: { readonly start: number; readonly size: number }): CatalogPage {
  const end = cut.start + cut.size
  const definitions = Object.freeze(list.slice(cut.start, end).map((component) => component.definition))
  const page = { [LIST_MEMBERS[kind]]: definitions }
  return Object.freeze(end < list.length ? { ...page, nextCursor: cursorAfter(list, end - 1) } : page)
}

/** A cursor names the last component seen, and its place in case that component is gone. */
function cursorAfter(list: List, last: number): string {
  const bytes = new TextEncoder().encode(JSON.stringify([last, list[last]?.id]))
  return btoa(String.fromCharCode(...bytes))
}

const LONGEST_CURSOR = 16_384

function positionOf(cursor: string, list: List): number {
  const [place, id] = readCursor(cursor)
  const known = list.findIndex((component) => component.id === id)
  return known >= 0 ? known + 1 : Math.min(place, list.length)
}

function readCursor(cursor: string): [place: number, id: string] {
  try {
    if (cursor.length > LONGEST_CURSOR) throw new RangeError('too long')
    const bytes = Uint8Array.from(atob(cursor), (character) => character.charCodeAt(0))
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes))
    if (!Array.isArray(value) || !Number.isSafeInteger(value[0]) || value[0] < 0 || typeof value[1] !== 'string') {
      throw new TypeError('not a cursor of this server')
    }
    return [value[0], value[1]]
  } catch (cause) {
    throw new McpError('INVALID_PARAMS', 'Invalid cursor. List again from the start, without a cursor', { cause })
  }
}
