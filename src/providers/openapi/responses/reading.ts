import type { CallToolResult, ReadResourceResult } from '../../../protocol/methods.ts'
import { resourceNotFound } from '../../../protocol/resource-not-found.ts'
import type { Awaitable } from '../../../schema/awaitable.ts'
import type { Errand } from '../../../upstream/failures.ts'
import type { UpstreamError } from '../../../upstream/upstream-error.ts'
import type { UpstreamResponse } from '../../../upstream/upstream-response.ts'
import { emptyWords } from './empty-words.ts'
import { contentsOf } from './make-contents.ts'
import { emptyResult, jsonResult, otherResult, plainJson, type ResultParts } from './make-result.ts'
import type { Pager } from './next-page.ts'
import { type Page, type PageSource, readPages } from './paginate.ts'
import { type Kept, pickFrom } from './pick.ts'
import type { Answer } from './read-answer.ts'
import type { Refuse } from './refuse.ts'

/** Makes results and contents of answers. Rejects with errors that a model, or who reads a resource, can use. */
export interface ReadAnswers {
  result(response: UpstreamResponse, errand: Errand): Promise<CallToolResult>
  contents(uri: string, response: UpstreamResponse, errand: Errand): Promise<ReadResourceResult>
}

/** What reading takes of one operation. */
export interface ReadingParts extends ResultParts {
  readonly refuse: Refuse
  /** Reads the body of a success. */
  readonly read: (response: UpstreamResponse, errand: Errand) => Promise<Answer>
  readonly kept: Kept | undefined
}

/** Reads answers one by one. */
export function createReading(parts: ReadingParts): ReadAnswers {
  return create(parts, (answer, response, errand) => {
    if (answer.kind !== 'json') return { answer, notes: NONE }
    return { answer: { ...answer, value: shownOf(answer.value, parts, { response, errand }) }, notes: NONE }
  })
}

/** Where pages come from; without a source the first is all there is. */
export interface Paging {
  readonly pager: Pager
  readonly source: PageSource | undefined
}

/** Reads answers that come in pages as one list. */
export function createPagedReading(parts: ReadingParts, { pager, source }: Paging): ReadAnswers {
  const pageOf = (answer: Answer, response: UpstreamResponse, errand: Errand): Page | undefined => {
    if (answer.kind !== 'json') return undefined
    const { value } = answer
    return { headers: response.headers, value, shown: shownOf(value, parts, { response, errand }) }
  }
  const read = async (response: UpstreamResponse, errand: Errand): Promise<Page | undefined> => {
    if (!isGood(response)) throw await parts.refuse(response, errand)
    return pageOf(await parts.read(response, errand), response, errand)
  }
  return create(parts, async (answer, response, errand) => {
    const first = pageOf(answer, response, errand)
    if (first === undefined) return { answer, notes: NONE }
    const pages = await readPages(first, errand, { pager, source, read })
    const value = pages === undefined ? first.shown : pages.items
    return { answer: { kind: 'json', mediaType: 'application/json', value }, notes: pages?.notes ?? NONE }
  })
}

/** What is passed on of an answer, with what is to be said about it. */
interface Passed {
  readonly answer: Answer
  readonly notes: readonly string[]
}

type Pass = (answer: Answer, response: UpstreamResponse, errand: Errand) => Awaitable<Passed>

function create(parts: ReadingParts, pass: Pass): ReadAnswers {
  return {
    async result(response, errand) {
      if (!isGood(response)) throw await parts.refuse(response, errand)
      const passed = pass(await parts.read(response, errand), response, errand)
      // Every promise is a turn of its own, and this is on the way of each call.
      const { answer, notes } = passed instanceof Promise ? await passed : passed
      if (answer.kind === 'nothing') return emptyResult(emptyWords(response, errand), parts.root)
      if (answer.kind === 'json') return jsonResult(answer.value, notes, parts.root)
      return otherResult(answer, parts, { errand, status: response.status })
    },
    async contents(uri, response, errand) {
      if (!isGood(response)) throw notThere(uri, await parts.refuse(response, errand))
      const { answer, notes } = await pass(await parts.read(response, errand), response, errand)
      return { contents: contentsOf(uri, answer, notes) }
    },
  }
}

const NONE: readonly string[] = []

/** That nothing has changed since the caller last asked is good news too. */
function isGood({ ok, status }: UpstreamResponse): boolean {
  return ok || status === 304
}

function shownOf(
  value: unknown,
  { kept }: ReadingParts,
  { response, errand }: { response: UpstreamResponse; errand: Errand },
): unknown {
  // Made plain first: what nests too deep cannot be picked from.
  const known = plainJson(value, { errand, status: response.status })
  return kept === undefined ? known : pickFrom(known, kept)
}

function notThere(uri: string, refusal: UpstreamError): Error {
  return refusal.code === 'NOT_FOUND' ? resourceNotFound(uri) : refusal
}
