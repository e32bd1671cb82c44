import { isRecord } from '../protocol/json-rpc.ts'
import { mask } from './mask.ts'

/** Where the APIs of this world say in words what is wrong. */
const FIELDS = ['message', 'error_description', 'detail', 'title', 'description', 'reason', 'error', 'errors'] as const
const DEEPEST = 4
const MOST_ITEMS = 3

/** What an excerpt is made of. */
export interface Refused {
  readonly text: string
  readonly mediaType: string
  readonly secrets: readonly string[]
  /** Most characters; 0: no excerpt. */
  readonly most: number
}

/**
 * What an upstream says of its refusal, in at most so many characters: the words of a JSON answer or plain text, never
 * markup, and never what looks like a secret.
 */
export function excerptOf({ text, mediaType, secrets, most }: Refused): string | undefined {
  if (most === 0) return undefined
  const words = mediaType === 'text/plain' ? text : wordsIn(parsed(text))
  const clean = mask(words ?? '', secrets)
    .replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ')
    .trim()
  if (clean === '') return undefined
  return clean.length > most ? `${clean.slice(0, most - 1)}…` : clean
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
    const words = value.slice(0, MOST_ITEMS).flatMap((item) => wordsIn(item, depth + 1) ?? [])
    return words.length > 0 ? words.join('; ') : undefined
  }
  if (!isRecord(value)) return undefined
  for (const field of FIELDS) {
    if (!Object.hasOwn(value, field)) continue
    const words = wordsIn(value[field], depth + 1) ?? (field === 'errors' ? fieldWords(value[field]) : undefined)
    if (words !== undefined) return words
  }
  return undefined
}

/** Problems by the names of the fields that have them. */
function fieldWords(errors: unknown): string | undefined {
  if (!isRecord(errors)) return undefined
  const words = Object.entries(errors)
    .slice(0, MOST_ITEMS)
    .flatMap(([name, problem]) => {
      const said = wordsIn(problem, DEEPEST - 1)
      return said === undefined ? [] : `${name}: ${said}`
    })
  return words.length > 0 ? words.join('; ') : undefined
}
