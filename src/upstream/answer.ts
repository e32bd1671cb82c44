import type { StandardSchemaV1 } from '@standard-schema/spec'
import { excerptOf } from './excerpt.ts'
import { type Errand, labelOf, useless } from './failures.ts'
import { retryAfterOf } from './retry-after.ts'
import { UpstreamError } from './upstream-error.ts'
import type { UpstreamResponse } from './upstream-response.ts'

/** What a request gives: what its schema gives, or anything where it has none. */
export type AnswerOf<S extends StandardSchemaV1 | undefined> = S extends StandardSchemaV1
  ? StandardSchemaV1.InferOutput<S>
  : unknown

/** More of a refusal is not read. */
const MOST_OF_REFUSAL = 16 * 1024
const MOST_PATHS = 3

/** The JSON of an answer; undefined where there is none. Rejects with `UpstreamError` for a refusal and for anything else. */
export async function readJson(response: UpstreamResponse, errand: Errand): Promise<unknown> {
  const { status } = response
  const type = mediaTypeOf(response)
  if (type === 'text/html' || type === 'application/xhtml+xml') {
    response.discard()
    throw useless(errand, 'not_json', { words: 'with a web page instead of JSON', status })
  }
  const text = decode(await response.bytes())
  if (text?.trim() === '') return undefined
  const value = text === undefined ? undefined : parse(text)
  if (value !== undefined) return value
  throw useless(errand, 'not_json', { words: 'with what is no JSON', status })
}

/** The answer held against a schema. Async schemas are waited for. */
export async function checkAnswer(
  value: unknown,
  schema: StandardSchemaV1,
  at: { errand: Errand; status: number },
): Promise<unknown> {
  const checked = await schema['~standard'].validate(value)
  if (!checked.issues) return checked.value
  const what = value === undefined ? 'with nothing' : `with another shape than expected${placesOf(checked.issues)}`
  throw useless(at.errand, 'unexpected', { words: what, status: at.status })
}

/** The error of an answer that is no success, with what it says of the reason if it is for us to know. */
export async function refusalOf(response: UpstreamResponse, errand: Errand, most: number): Promise<UpstreamError> {
  const { status } = response
  const retryAfterMs = retryAfterOf(response.headers)
  // What goes wrong inside the upstream is its own affair, and may hold anything.
  const excerpt = status < 500 ? await excerptIn(response, errand, most) : undefined
  const again = retryAfterMs === undefined ? '' : `; it may be asked again in ${Math.ceil(retryAfterMs / 1000)} s`
  const message = `${errand.name} answered ${labelOf(errand)} with ${status}${wordsFor(status)}${again}`
  return new UpstreamError(message, { reason: 'status', status, retryAfterMs, excerpt })
}

const WORDS: ReadonlyMap<number, string> = new Map([
  [400, 'Bad Request'],
  [401, 'Unauthorized'],
  [403, 'Forbidden'],
  [404, 'Not Found'],
  [409, 'Conflict'],
  [410, 'Gone'],
  [422, 'Unprocessable Content'],
  [429, 'Too Many Requests'],
  [500, 'Internal Server Error'],
  [502, 'Bad Gateway'],
  [503, 'Service Unavailable'],
  [504, 'Gateway Timeout'],
])

function wordsFor(status: number): string {
  const words = WORDS.get(status)
  return words === undefined ? '' : ` ${words}`
}

async function excerptIn(response: UpstreamResponse, errand: Errand, most: number): Promise<string | undefined> {
  if (most === 0) return undefined
  try {
    const text = await response.start(MOST_OF_REFUSAL)
    return excerptOf({ text, mediaType: mediaTypeOf(response), secrets: errand.secrets(), most })
  } catch (problem) {
    // A refusal whose words do not come is a refusal all the same; one that nobody waits for is not.
    if (problem instanceof UpstreamError) return undefined
    throw problem
  }
}

function mediaTypeOf({ headers }: UpstreamResponse): string {
  return (headers.get('content-type') ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? ''
}

function decode(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return undefined
  }
}

/** The name as it is, or one of its letters escaped. */
const MAYBE_PROTO = /__proto__|\\u00(?:5f|6f|7[024])/i

/** Members named `__proto__` are dropped: code that copies them would change what all objects inherit. */
function parse(text: string): unknown {
  try {
    if (!MAYBE_PROTO.test(text)) return JSON.parse(text)
    return JSON.parse(text, (key, value) => (key === '__proto__' ? undefined : value))
  } catch {
    return undefined
  }
}

function placesOf(issues: readonly StandardSchemaV1.Issue[]): string {
  const places = issues.flatMap(({ path = [] }) => {
    const keys = path.map((step) => String(typeof step === 'object' ? step.key : step).slice(0, 40))
    return keys.length > 0 ? keys.slice(0, 8).join('.') : []
  })
  const shown = [...new Set(places)].slice(0, MOST_PATHS)
  return shown.length > 0 ? `, at ${shown.join(', ')}` : ''
}
