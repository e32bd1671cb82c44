import type { Components, Kind } from '../components/component.ts'
import type { Awaitable } from '../engine/call.ts'
import type { Page } from '../protocol/methods.ts'
import type { Provider, View } from '../providers/provider.ts'
import { markOf, type Position, REMEMBERED, readCursor, remaining, writeCursor } from './cursor.ts'

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
  /** Whether anybody was ever shown anything of this kind: they may list it again, though it be gone. */
  hasShown(kind: Kind): boolean
}

type List = readonly Components[Kind][]

/** A list as pages: where a page begins is known from the cursor that leads to it. */
interface Cut {
  readonly list: List
  /** Of all of it, once they were needed. */
  marks: readonly number[] | undefined
  readonly starts: Map<string, number>
  readonly pages: Map<number, CatalogPage>
}

/**
 * Cuts what `provider` lists into pages of `pageSize`. A provider returns the same array until it
 * changes, so pages are kept by the identity of that array: there is nothing to invalidate.
 */
export function createCatalog(provider: Pick<Provider, 'list'>, pageSize: number): Catalog {
  const cuts = new WeakMap<List, Map<Kind, Cut>>()
  /** What came last, for the pages in it that the next one leaves alone. */
  const last = new Map<Kind, Cut>()
  const shown = new Set<Kind>()

  const hasAny = (kind: Kind, list: List): boolean => {
    if (list.length > 0) shown.add(kind)
    return list.length > 0
  }
  const cutOf = (kind: Kind, list: List): Cut => {
    const known = cuts.get(list) ?? new Map<Kind, Cut>()
    const cut = known.get(kind) ?? newCut(list, pageSize, last.get(kind))
    last.set(kind, cut)
    cuts.set(list, known.set(kind, cut))
    return cut
  }

  const pageOf = (kind: Kind, list: List, cursor: string | undefined): CatalogPage => {
    hasAny(kind, list)
    const cut = cutOf(kind, list)
    const start = cursor === undefined ? 0 : cut.starts.get(cursor)
    return start === undefined
      ? pageAfter(readCursor(cursor ?? ''), cut, { kind, size: pageSize })
      : pageAt(start, cut, { kind, size: pageSize })
  }

  return {
    page(kind, view, cursor) {
      const list: Awaitable<List> = provider.list(kind, view)
      return list instanceof Promise ? list.then((known) => pageOf(kind, known, cursor)) : pageOf(kind, list, cursor)
    },
    has(kind, view) {
      const list: Awaitable<List> = provider.list(kind, view)
      return list instanceof Promise ? list.then((known) => hasAny(kind, known)) : hasAny(kind, list)
    },
    hasShown: (kind) => shown.has(kind),
  }
}

interface PageOptions {
  readonly kind: Kind
  readonly size: number
}

function newCut(list: List, size: number, before: Cut | undefined): Cut {
  const cut: Cut = { list, marks: undefined, starts: new Map(), pages: new Map() }
  if (before !== undefined) keepPages(cut, before, size)
  return cut
}

function marksOf(list: List): readonly number[] {
  return list.map(({ id }) => markOf(id))
}

/** Pages from the beginning on that hold the same, with the same page after them, stay what they are, and so do their bytes. */
function keepPages(cut: Cut, before: Cut, size: number): void {
  const most = Math.min(cut.list.length, before.list.length)
  let same = 0
  while (same < most && cut.list[same] === before.list[same]) same++
  for (const [start, page] of before.pages) {
    // A cursor remembers what comes after it.
    if (start + size + REMEMBERED.next > same) continue
    cut.pages.set(start, page)
    if (page.nextCursor !== undefined) cut.starts.set(page.nextCursor, start + size)
  }
}

/** A page of the list as it stands: the same object for everybody. */
function pageAt(start: number, cut: Cut, { kind, size }: PageOptions): CatalogPage {
  const known = cut.pages.get(start)
  if (known !== undefined) return known
  const end = start + size
  const cursor = end < cut.list.length ? writeCursor(positionAt(end, cut.list)) : undefined
  const page = newPage(kind, cut.list.slice(start, end), cursor)
  cut.pages.set(start, page)
  if (cursor !== undefined) cut.starts.set(cursor, end)
  return page
}

/** A page for a walk that began before the list changed, or that another process began. */
function pageAfter(position: Position, cut: Cut, { kind, size }: PageOptions): CatalogPage {
  const { list } = cut
  // Kept where such walks come at all: for a single page they are made quicker than they are looked up.
  cut.marks ??= marksOf(list)
  const known = cut.marks
  const places = remaining(known, position)
  const shown = places.slice(0, size)
  const components = shown.flatMap((place) => list[place] ?? [])
  if (places.length === shown.length) return newPage(kind, components, undefined)
  const markAt = (place: number): number => known[place] ?? 0
  const next = places.slice(size, size + REMEMBERED.next).map(markAt)
  const seen = [...position.seen, ...shown.map(markAt)].slice(-REMEMBERED.seen)
  return newPage(kind, components, writeCursor({ shown: position.shown + shown.length, seen, next }))
}

function positionAt(end: number, list: List): Position {
  const seen = marksOf(list.slice(Math.max(0, end - REMEMBERED.seen), end))
  return { shown: end, seen, next: marksOf(list.slice(end, end + REMEMBERED.next)) }
}

function newPage(kind: Kind, components: List, cursor: string | undefined): CatalogPage {
  const definitions = Object.freeze(components.map((component) => component.definition))
  const page = { [LIST_MEMBERS[kind]]: definitions }
  return Object.freeze(cursor === undefined ? page : { ...page, nextCursor: cursor })
}
