import type { ToolErrorCode } from '../../../protocol/errors.ts'
import { refusalOf } from '../../../upstream/answer.ts'
import type { Errand } from '../../../upstream/failures.ts'
import type { UpstreamError } from '../../../upstream/upstream-error.ts'
import type { UpstreamResponse } from '../../../upstream/upstream-response.ts'
import { shorten } from '../names/shorten.ts'
import type { Route } from '../routes/route.ts'

/** Most characters that an API may say of a refusal. */
const MOST = 2_000
const LONGEST_MEANING = 200

/** Makes the error of an answer that is no success. */
export type Refuse = (response: UpstreamResponse, errand: Errand) => Promise<UpstreamError>

/** Makes the errors of one operation: what the document says of the status, and what the API says, without traces. */
export function compileRefuse({ responses }: Pick<Route, 'responses'>): Refuse {
  const meanings = known.get(responses) ?? meaningsOf(responses)
  known.set(responses, meanings)
  return async (response, errand) => {
    const { status } = response
    const meaning = meanings.get(String(status)) ?? meanings.get(`${String(status)[0]}XX`)
    const telling = { most: MOST, tellsFailures: true, meaning, code: CODES.get(status) }
    const refusal = await refusalOf(response, errand, telling)
    response.discard()
    return refusal
  }
}

/** Operations may share their responses. */
const known = new WeakMap<Route['responses'], ReadonlyMap<string, string>>()

function meaningsOf(responses: Route['responses']): ReadonlyMap<string, string> {
  const pairs = responses.flatMap(({ status, description }) => {
    const words = meaningOf(description)
    return words === undefined ? [] : [[status.toUpperCase(), words] as const]
  })
  return new Map(pairs)
}

/** The arguments of a model made the request, so that it can mend what is wrong with it. */
const CODES: ReadonlyMap<number, ToolErrorCode> = new Map<number, ToolErrorCode>([
  [400, 'VALIDATION_ERROR'],
  [413, 'VALIDATION_ERROR'],
  [414, 'VALIDATION_ERROR'],
  [422, 'VALIDATION_ERROR'],
  [409, 'CONFLICT'],
  [412, 'CONFLICT'],
  [423, 'CONFLICT'],
])

/** What only repeats the name of a status says nothing. */
const SAYS_NOTHING =
  /^(?:bad request|unauthori[sz]ed|forbidden|not found|conflict|gone|error|default error|internal server error)\.?$/i

function meaningOf(description: string | undefined): string | undefined {
  const words = typeof description === 'string' ? shorten(description, LONGEST_MEANING) : ''
  return words === '' || SAYS_NOTHING.test(words) ? undefined : words
}
