import type { MediaType } from '../routes/route.ts'
import { mediaKindOf } from './media-kind.ts'

const MEDIA_TYPE = /^[a-z0-9!#$&^_.+-]{1,100}\/(?:\*|[a-z0-9!#$&^_.+-]{1,100})$/
const MOST_TYPES = 8
/** Refusals come in types of their own, and are read too. */
const ANYTHING = '*/*;q=0.1'

/** What to ask for, with what tells versions of it apart: JSON before everything else, and anything rather than nothing. */
export function acceptOf(content: Iterable<Pick<MediaType, 'type' | 'parameters'>>): string {
  const known = [...content].filter(({ type }) => MEDIA_TYPE.test(type))
  const named = [...new Set(known.map(({ type, parameters }) => (parameters ? `${type}; ${parameters}` : type)))]
  const [json, others] = [named.filter(isJson), named.filter((type) => !isJson(type))]
  const first = json.filter((type) => essenceOf(type) === 'application/json')
  const wanted = json.length > 0 ? [...new Set([...first, ...json])] : others.length > 0 ? [] : ['application/json']
  const weight = json.length > 0 ? ';q=0.5' : ''
  return [...wanted.slice(0, MOST_TYPES), ...others.slice(0, MOST_TYPES).map((type) => type + weight), ANYTHING].join(
    ', ',
  )
}

function isJson(type: string): boolean {
  return mediaKindOf(essenceOf(type)) === 'json'
}

function essenceOf(type: string): string {
  return type.split(';', 1)[0] ?? ''
}
