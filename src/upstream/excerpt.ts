import { isRecord } from '../protocol/json-rpc.ts'
import { mask } from './mask.ts'
import { withoutTraces } from './without-traces.ts'

/** Where the APIs of this world say in words what is wrong. */
const FIELDS = [
  'message',
  'msg',
  'error_description',
  'detail',
  'title',
  'description',
  'reason',
  'error',
  'errors',
  'errorMessage',
  'defaultMessage',
  'issue',
  'code',
] as const
/** Where they say beside it what is wrong with which part of a request. */
const LISTS = ['errors', 'details', 'violations', 'issues', 'invalid-params', 'invalidParams'] as const
/** What names that part. */
const PLACES = ['field', 'loc', 'path', 'parameter', 'param', 'property', 'pointer', 'name'] as const
const DEEPEST = 4
const MOST_ITEMS = 3

/** What an excerpt is made of. */
export interface Refused {
  readonly text: string
  readonly mediaType: string
  readonly secrets: readonly string[]
  /** Most characters; 0: no excerpt. */
  readonly most: number
  /** Whether it is the upstream itself that failed: then traces and files in it are nobody's affair. */
  readonly isFailure?: boolean
}

/**
 * What an upstream says of its refusal, in at most so many characters and 2 KiB: the words of a JSON answer or plain text, never
 * markup, and never what looks like a secret.
 */
export function excerptOf({ text, mediaType, secrets, most, isFailure = false }: Refused): string | undefined {
  if (most === 0) return undefined
  const words = (mediaType === 'text/plain' ? text : wordsIn(parsed(text))) ?? ''
  const clean = mask(isFailure ? withoutTraces(words) : words, secrets)
    .replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ')
    .trim()
  if (clean === '') return undefined
  return withinBytes(clean.length > most ? `${clean.slice(0, most - 1)}…` : clean)
}

const MOST_BYTES = 2_048

function withinBytes(text: string): string {
  // No character takes more than three.
  if (text.length <= MOST_BYTES / 3) return text
  const room = new Uint8Array(MOST_BYTES - 3)
  const { read } = new TextEncoder().encodeInto(text, room)
  return read === text.length ? text : `${text.slice(0, read)}…`
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function wordsIn(value: unknown, depth = 0): string | undefined {
  if (typeof value === 'string') return value.trim() === '' ? undefined : value
  if (depth === DEEPEST) return undefined
  if (Array.isArray(value)) {
    const words = value.slice(0, MOST_ITEMS).flatMap((item) => itemWords(item, depth + 1) ?? [])
    return words.length > 0 ? words.join('; ') : undefined
  }
  if (!isRecord(value)) return undefined
  for (const field of FIELDS) {
    if (!Object.hasOwn(value, field)) continue
    const words = field === 'errors' ? errorsIn(value[field], depth + 1) : wordsIn(value[field], depth + 1)
    if (words !== undefined) return [words, ...listedWords(value, field, depth)].join('; ')
  }
  return undefined
}

/** What is listed beside the words of `field`, where it says of which part it is. */
function listedWords(value: Readonly<Record<string, unknown>>, field: string, depth: number): readonly string[] {
  for (const name of LISTS) {
    const list = name !== field && Object.hasOwn(value, name) ? value[name] : undefined
    if (!Array.isArray(list)) continue
    const words = wordsIn(
      list.filter((item) => placeIn(item) !== undefined),
      depth + 1,
    )
    if (words !== undefined) return [words]
  }
  return []
}

/** One problem of several, with the part of the request that has it. */
function itemWords(item: unknown, depth: number): string | undefined {
  const place = placeIn(item)
  if (place === undefined || !isRecord(item)) return wordsIn(item, depth)
  const words = wordsIn(item, depth)
  return words === undefined ? undefined : `${place}: ${words}`
}

function placeIn(item: unknown): string | undefined {
  if (!isRecord(item)) return undefined
  for (const name of PLACES) {
    const place = Object.hasOwn(item, name) ? item[name] : undefined
    if (typeof place === 'string' && place !== '') return place.slice(0, LONGEST_PLACE)
    if (Array.isArray(place) && place.length > 0)
      return place.slice(0, 8).map(stepWords).join('.').slice(0, LONGEST_PLACE)
  }
  return undefined
}

const LONGEST_PLACE = 100

function stepWords(step: unknown): string {
  return typeof step === 'string' || typeof step === 'number' ? String(step) : ''
}

/** Either one problem, or a list of them, or lists by the names of the fields that have them. */
function errorsIn(errors: unknown, depth: number): string | undefined {
  if (!isRecord(errors)) return wordsIn(errors, depth)
  const isByField = Object.values(errors).every((problems) => Array.isArray(problems))
  return isByField ? fieldWords(errors) : (wordsIn(errors, depth) ?? fieldWords(errors))
}

function fieldWords(errors: Readonly<Record<string, unknown>>): string | undefined {
  const words = Object.entries(errors)
    .slice(0, MOST_ITEMS)
    .flatMap(([name, problem]) => {
      const said = wordsIn(problem, DEEPEST - 1)
      return said === undefined ? [] : `${name}: ${said}`
    })
  return words.length > 0 ? words.join('; ') : undefined
}
