import { shortWords } from './describe.ts'
import { facetsOf, type Look } from './fit.ts'
import { locate, type Spot } from './locate.ts'
import { isKnown, isRequired, knownKeys } from './members.ts'
import { nearest } from './nearest.ts'
import { pathWords, subject } from './quote.ts'
import type { Problem } from './schema.ts'

const MOST_KEYS = 20

/** That a key is missing, what it wants, and whether another was sent in its place. */
export function missingWords({ nodes, around, parent }: Spot, path: Problem['path'], look: Look): string {
  const key = String(path.at(-1))
  const strays = Object.keys(parent ?? {}).filter((sent) => !isKnown(around, sent))
  const stray = nearest(key, strays)
  const wanted = shortWords(nodes, look.references)
  const hint = stray === undefined ? '' : `; you sent ${ticked(stray)}, did you mean ${ticked(key)}?`
  return `${subject(path)} is required${wanted === 'any' ? '' : ` (${wanted})`}${hint}`
}

/** That a key is not known, and which may have been meant. */
export function unknownWords({ around }: Spot, path: Problem['path']): string {
  const keys = knownKeys(around)
  const meant = nearest(String(path.at(-1)), keys)
  const known = path.length > 1 && keys.length > 0 ? `; known: ${keyList(keys)}` : ''
  return `${subject(path)} is not a known key${meant === undefined ? known : `; did you mean ${ticked(meant)}?`}`
}

/** The keys that the root knows, with what they want; undefined if it knows none. */
export function knownKeyWords(root: Spot, look: Look): string | undefined {
  const facets = facetsOf(root.nodes, root.value, look)
  const keys = knownKeys(facets)
  if (keys.length === 0) return undefined
  const shown = keys.slice(0, MOST_KEYS).map((key) => {
    const wanted = shortWords(locate(root, [key], look).nodes, look.references)
    return `${ticked(key)} (${wanted}${isRequired(facets, key) ? ', required' : ''})`
  })
  return `Known keys: ${shown.join(', ')}${restOf(keys)}`
}

function keyList(keys: readonly string[]): string {
  return `${keys.slice(0, MOST_KEYS).map(ticked).join(', ')}${restOf(keys)}`
}

function restOf(keys: readonly string[]): string {
  return keys.length > MOST_KEYS ? `, and ${keys.length - MOST_KEYS} more` : ''
}

function ticked(key: string): string {
  return `\`${pathWords([key])}\``
}
