import type { StandardSchemaV1 } from '@standard-schema/spec'
import type { ToolErrorCode } from '../protocol/errors.ts'
import { mediaTypeOf } from './content-type.ts'
import { excerptOf } from './excerpt.ts'
import { type Errand, labelOf, useless } from './failures.ts'
import { parseJson } from './parse-json.ts'
import { retryAfterOf } from './retry-after.ts'
import { statusWords } from './status-words.ts'
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
  const type = mediaTypeOf(response.headers)
  if (type === 'text/html' || type === 'application/xhtml+xml') {
    response.discard()
    throw useless(errand, 'not_json', { words: 'with a web page instead of JSON', status })
  }
  const text = decode(await response.bytes())
  if (text?.trim() === '') return undefined
  const value = text === undefined ? undefined : parseJson(text)
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
  throw misshapen(value, checked.issues, at)
}

/** The error of an answer that breaks its schema: tells where, and nothing of what is there. */
export function misshapen(
  value: unknown,
  problems: readonly StandardSchemaV1.Issue[],
  { errand, status }: { errand: Errand; status: number },
): UpstreamError {
  const words = value === undefined ? 'with nothing' : `with another shape than expected${placesOf(problems)}`
  return useless(errand, 'unexpected', { words, status })
}

/** How a refusal is told. */
export interface Telling {
  /** Most characters of what the upstream says of it; 0: none. */
  readonly most: number
  /** Whether it is also told, without traces, what the upstream says of its own failures (5xx), which may be anything. */
  readonly tellsFailures?: boolean
  /** What it means, where somebody knows more of it than its status. */
  readonly meaning?: string | undefined
  /** What it is to who asked; left out, by its status. */
  readonly code?: ToolErrorCode | undefined
}

/** The error of an answer that is no success, with what it says of the reason if it is for us to know. */
export async function refusalOf(
  response: UpstreamResponse,
  errand: Errand,
  { most, tellsFailures = false, meaning, code }: Telling,
): Promise<UpstreamError> {
  const { status } = response
  const retryAfterMs = retryAfterOf(response.headers)
  const isTold = status < 500 || tellsFailures
  const excerpt = isTold ? await excerptIn(response, errand, most) : undefined
  const meant = meaning === undefined ? '' : ` (${meaning})`
  const again = retryAfterMs === undefined ? '' : `; it may be asked again ${whenWords(retryAfterMs)}`
  const message = `${errand.name} answered ${labelOf(errand)} with ${statusWords(status)}${meant}${again}`
  return new UpstreamError(message, { reason: 'status', status, retryAfterMs, excerpt, code })
}

function whenWords(ms: number): string {
  return ms === 0 ? 'at once' : `in ${Math.ceil(ms / 1000)} s`
}

async function excerptIn(response: UpstreamResponse, errand: Errand, most: number): Promise<string | undefined> {
  if (most === 0) return undefined
  try {
    const text = await response.start(MOST_OF_REFUSAL)
    const mediaType = mediaTypeOf(response.headers)
    return excerptOf({ text, mediaType, secrets: errand.secrets(), most, isFailure: response.status >= 500 })
  } catch (problem) {
    // A refusal whose words do not come is a refusal all the same; one that nobody waits for is not.
    if (problem instanceof UpstreamError) return undefined
    throw problem
  }
}

function decode(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
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
