import { FastMCPError } from '../../../protocol/errors.ts'
import { isRecord } from '../../../protocol/json-rpc.ts'
import { checkNumber } from '../../../resilience/setting.ts'
import type { Pagination } from '../options.ts'
import type { Route } from '../routes/route.ts'
import { linkIn } from './link-header.ts'
import { stepsOf } from './pick.ts'

/** How to ask for another page: at another address, or with another value of a parameter of the document. */
export type NextPage =
  | { readonly by: 'url'; readonly url: URL }
  | { readonly by: 'parameter'; readonly parameter: string; readonly value: string | number }

/** Where the pages of an answer are. */
export interface Pager {
  readonly maxPages: number
  /** Parameters of the query that a caller can give. */
  readonly parameters: ReadonlySet<string>
  /** Where the items stand in a page, by the names of members; `list`: where there is just one. */
  readonly within: readonly string[] | 'list'
  /** The items of a page; undefined where it has none. */
  readonly itemsOf: (value: unknown) => readonly unknown[] | undefined
  /** What leads to the next page: undefined at the last, `elsewhere` where it leads to where nothing is asked. */
  readonly nextOf: (page: RawPage, at: PageAddress) => NextPage | 'elsewhere' | undefined
}

/** A page as it came. */
export interface RawPage {
  readonly headers: Headers
  readonly value: unknown
}

/** Where the first page was asked for, and what all of them must be below. */
export interface PageAddress {
  readonly url: URL
  readonly base: URL
}

/** Reads the options of pagination. Throws `SETTING` for those that cannot be. */
export function readPagination(route: Route, paginate: Pagination): Pager {
  const maxPages = checkNumber('paginate.maxPages', paginate.maxPages ?? 5, { least: 1, most: 100, whole: true })
  const inQuery = route.parameters.filter((parameter) => parameter.in === 'query')
  const parameters = new Set(inQuery.map(({ name }) => name))
  if (paginate.by === 'link') {
    if (route.method !== 'GET') throw wrong(`by "link" is for GET, not for ${route.method}`)
    return {
      maxPages,
      parameters,
      within: 'list',
      itemsOf: listIn,
      nextOf: ({ headers }, at) => linkedPage(headers, at),
    }
  }
  if (paginate.by !== 'cursor') throw wrong('by must be "link" or "cursor"')
  const { parameter } = paginate
  if (!route.parameters.some(({ name }) => name === parameter) && route.body === undefined) {
    throw wrong(`the operation has no parameter "${String(parameter).slice(0, 80)}"`)
  }
  const [items, next] = [stepsOf('paginate.items', paginate.items), stepsOf('paginate.next', paginate.next)]
  return {
    maxPages,
    parameters,
    within: items,
    itemsOf: (value) => {
      const found = valueAt(value, items)
      return Array.isArray(found) ? found : undefined
    },
    nextOf: ({ value }, at) => cursorPage(valueAt(value, next), parameter, at),
  }
}

/** A page that is a list, or an object with one. */
export function listIn(value: unknown): readonly unknown[] | undefined {
  if (Array.isArray(value)) return value
  const lists = isRecord(value) ? Object.values(value).filter((member) => Array.isArray(member)) : []
  return lists.length === 1 ? lists[0] : undefined
}

function linkedPage(headers: Headers, { url, base }: PageAddress): NextPage | 'elsewhere' | undefined {
  const target = linkIn(headers.get('link'), 'next')
  if (target === undefined) return undefined
  if (!URL.canParse(target, url)) return 'elsewhere'
  const next = new URL(target, url)
  next.hash = ''
  return isBelow(next, base) ? { by: 'url', url: next } : 'elsewhere'
}

function isBelow(url: URL, base: URL): boolean {
  if (url.origin !== base.origin || url.username !== '' || url.password !== '') return false
  const prefix = base.pathname.endsWith('/') ? base.pathname : `${base.pathname}/`
  // A server that decodes before it looks would climb up.
  return `${url.pathname}/`.startsWith(prefix) && !/%2e|%2f|%5c/i.test(url.pathname)
}

const LONGEST_CURSOR = 8_192

function cursorPage(next: unknown, parameter: string, { url, base }: PageAddress): NextPage | 'elsewhere' | undefined {
  if (typeof next === 'number' && Number.isFinite(next)) return { by: 'parameter', parameter, value: next }
  if (typeof next !== 'string' || next.trim() === '') return undefined
  if (next.length > LONGEST_CURSOR) return 'elsewhere'
  if (!/^https?:\/\//i.test(next)) return { by: 'parameter', parameter, value: next }
  // Some APIs give the whole address of the next page where others give the cursor alone.
  const whole = URL.canParse(next, url) ? new URL(next, url) : undefined
  const value = whole !== undefined && isBelow(whole, base) ? whole.searchParams.get(parameter) : null
  return value === null ? 'elsewhere' : { by: 'parameter', parameter, value }
}

function valueAt(value: unknown, steps: readonly string[]): unknown {
  let at = value
  for (const step of steps) {
    if (!isRecord(at) || !Object.hasOwn(at, step)) return undefined
    at = at[step]
  }
  return at
}

function wrong(problem: string): FastMCPError {
  return new FastMCPError('SETTING', `paginate: ${problem}`)
}
