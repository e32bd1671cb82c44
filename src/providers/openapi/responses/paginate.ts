import { MOST_CHARACTERS, sizeOf } from '../../../components/plain.ts'
import { ToolError } from '../../../protocol/errors.ts'
import type { Errand } from '../../../upstream/failures.ts'
import type { UpstreamResponse } from '../../../upstream/upstream-response.ts'
import type { NextPage, PageAddress, Pager } from './next-page.ts'

/** Asks for the pages behind the first. */
export interface PageSource extends PageAddress {
  /** Sends the same request for another page, proved and limited as the first, and has its answer taken. */
  ask<T>(next: NextPage, take: (response: UpstreamResponse, errand: Errand) => Promise<T>): Promise<T>
}

/** A page as it was read: `value` as it came, `shown` as it is passed on. */
export interface Page {
  readonly headers: Headers
  readonly value: unknown
  readonly shown: unknown
}

/** How pages are read. */
export interface PageReading {
  readonly pager: Pager
  readonly source: PageSource | undefined
  /** Makes a page of an answer; undefined where it is none. Rejects for refusals. */
  readonly read: (response: UpstreamResponse, errand: Errand) => Promise<Page | undefined>
}

/** Several pages as one list. */
export interface Pages {
  readonly items: readonly unknown[]
  /** What of it was left, and how to get at it, in words; mostly empty. */
  readonly notes: readonly string[]
}

/** No page is begun later than that, so that what has been read is not lost to the time limit of the call. */
const MOST_MS = 20_000

/**
 * Reads pages into one list: at most so many, for at most 20 s, and no more than a result can hold. A page that cannot be
 * read ends the list, and is told of. Undefined where the first page holds no list.
 */
export async function readPages(first: Page, errand: Errand, reading: PageReading): Promise<Pages | undefined> {
  const { pager, source, read } = reading
  const items = pager.itemsOf(first.shown)
  if (items === undefined) return undefined
  const list = [...items]
  const say = (count: number, words: string): Pages => ({
    items: list,
    notes: [`${listed(list.length, count)}; ${words}`],
  })
  const until = performance.now() + MOST_MS
  const seen = new Set(source === undefined ? [] : [source.url.href])
  let left = MOST_CHARACTERS - sizeOf(items)
  let page: Page = first
  for (let count = 1; ; count++) {
    const next = pager.nextOf(page, source ?? NOWHERE)
    if (next === undefined) return { items: list, notes: [] }
    if (next === 'elsewhere') return say(count, 'the next page leads to where it is not asked for')
    if (seen.has(keyOf(next))) return say(count, 'the next page leads back to one before it')
    seen.add(keyOf(next))
    if (count >= pager.maxPages || source === undefined || performance.now() > until) {
      return say(count, `there are more${howTo(next, reading, errand)}`)
    }
    const found = await source.ask(next, read).catch(problemOf)
    if (found instanceof ToolError) return say(count, `the next could not be read: ${found.message}`)
    const more = found && pager.itemsOf(found.shown)
    if (found === undefined || more === undefined) return say(count, 'the next held no list')
    left -= sizeOf(more)
    if (left < 0) return say(count, `there are more, but no more go into one result${howTo(next, reading, errand)}`)
    for (const item of more) list.push(item)
    page = found
  }
}

/** What a model can read as a value: it may have the pages before it. */
function problemOf(problem: unknown): ToolError {
  if (problem instanceof ToolError) return problem
  throw problem
}

const NOWHERE: PageAddress = { url: new URL('none:'), base: new URL('none:') }

function keyOf(next: NextPage): string {
  return next.by === 'url' ? next.url.href : String(next.value)
}

function listed(items: number, pages: number): string {
  return `${items} ${items === 1 ? 'item' : 'items'} of ${pages === 1 ? 'the first page' : `the first ${pages} pages`}`
}

const LONGEST_VALUE = 200
const MOST_CHANGES = 4

/** What to ask with for more; nothing where that cannot be said shortly, or would tell what is not to be told. */
function howTo(next: NextPage, { pager, source }: PageReading, errand: Errand): string {
  const changes = next.by === 'parameter' ? [[next.parameter, String(next.value)]] : changesIn(next.url, pager, source)
  const words = changes.map((change) => change.join('='))
  const isShort =
    words.length > 0 && words.length <= MOST_CHANGES && words.every((each) => each.length <= LONGEST_VALUE)
  const said = `: ask with ${words.join(', ')}`
  return isShort && !errand.secrets().some((secret) => said.includes(secret)) ? said : ''
}

function changesIn(next: URL, { parameters }: Pager, source: PageSource | undefined): readonly (readonly string[])[] {
  const before = source?.url.searchParams
  // An API that puts a key into its links tells it to us, and to nobody else.
  return [...next.searchParams].filter(([name, value]) => parameters.has(name) && before?.get(name) !== value)
}
