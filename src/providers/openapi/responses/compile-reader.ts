import type { JsonSchema } from '../../../schema/json-schema.ts'
import type { OpenApiOptions, RouteHabits } from '../options.ts'
import type { Api } from '../routes/api.ts'
import type { Route } from '../routes/route.ts'
import { acceptOf } from './accept.ts'
import { expectedOf } from './expected.ts'
import { readPagination } from './next-page.ts'
import { planOutput } from './output.ts'
import type { PageSource } from './paginate.ts'
import { readPick } from './pick.ts'
import { type Reading, readAnswer } from './read-answer.ts'
import { createPagedReading, createReading, type ReadAnswers, type ReadingParts } from './reading.ts'
import { compileRefuse } from './refuse.ts'

export type { ReadAnswers } from './reading.ts'

/** What of the options counts for answers. */
export interface ReaderOptions {
  readonly output?: OpenApiOptions['output'] | undefined
  readonly pick?: RouteHabits['pick'] | undefined
  readonly paginate?: RouteHabits['paginate'] | undefined
}

/** How the answers to one operation are read. */
export interface Reader extends ReadAnswers {
  /** What results are shown to be; left out, nothing is said of it. */
  readonly outputSchema?: JsonSchema
  /** For the request: the media types that are wanted. */
  readonly accept: string
  /** What could not be done as the document says, in words; mostly empty. */
  readonly notes: readonly string[]
  /** For answers in pages, of which it takes the first and asks for the others; left out where an answer is one. */
  readonly pages?: (source: PageSource) => ReadAnswers
}

/** Works out everything that reading the answers to a route takes. Throws `SETTING` for options that cannot be. */
export function compileReader(route: Route, api: Api, options: ReaderOptions): Reader {
  const expected = expectedOf(route)
  const kept = readPick(options.pick)
  const pager = options.paginate === undefined ? undefined : readPagination(route, options.paginate)
  const output = planOutput(expected, api, { mode: options.output ?? 'lenient', kept, within: pager?.within })
  const reading: Reading = {
    isJson: expected.isJson,
    types: expected.types,
    asNumbers: output.check !== undefined,
    isHead: route.method === 'HEAD',
  }
  const { check } = output
  const parts: ReadingParts = {
    refuse: compileRefuse(route),
    read: (response, errand) => {
      const answer = readAnswer(response, errand, reading)
      return check === undefined
        ? answer
        : answer.then(async (read) => {
            await check(read, { errand, status: response.status })
            return read
          })
    },
    kept,
    root: output.root,
    bytesUri: `tool://${slugOf(route)}/bytes/0`,
  }
  const own = pager === undefined ? createReading(parts) : createPagedReading(parts, { pager, source: undefined })
  return {
    ...(output.schema !== undefined && { outputSchema: output.schema }),
    accept: acceptOf(expected.content),
    notes: output.notes,
    ...own,
    ...(pager !== undefined && { pages: (source: PageSource) => createPagedReading(parts, { pager, source }) }),
  }
}

/** A name for URIs that lead nowhere. */
function slugOf({ operationId, method, path }: Route): string {
  const words = (operationId ?? `${method}-${path}`).slice(0, 200).replace(/[^\w.-]+/g, '-')
  return words.replace(/^[-.]+|[-.]+$/g, '').slice(0, 64) || 'answer'
}
