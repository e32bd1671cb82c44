import type { Tool } from '../../components/component.ts'
import { textsOf } from './texts.ts'
import { wordsOf } from './words.ts'

/** Finds the tools of a list that a text means, the best first. */
export type Ranking = (query: string) => readonly Tool[]

/** How often the words of a tool occur in it, and how many there are; what is said in its name counts several times. */
interface Weighed {
  readonly words: ReadonlyMap<string, number>
  readonly length: number
}

const WEIGHTS = { name: 4, title: 3, tags: 3, description: 1, args: 1 } as const
const MOST_QUERY_WORDS = 32
/** How fast more of the same word counts less, and how much long texts are held back: the usual numbers. */
const [SATURATION, LENGTH_SHARE] = [1.2, 0.75]

const weighed = new WeakMap<Tool, Weighed>()

/** Ranks tools by BM25: rare words count more than common ones, and long descriptions no more than short ones. */
export function bm25(tools: readonly Tool[]): Ranking {
  const found = new Map<string, { readonly tool: number; readonly weight: number }[]>()
  const lengths = tools.map((tool, index) => {
    const { words, length } = weigh(tool)
    for (const [word, weight] of words) {
      const places = found.get(word) ?? []
      places.push({ tool: index, weight })
      found.set(word, places)
    }
    return length
  })
  const average = Math.max(1, lengths.reduce((sum, length) => sum + length, 0) / Math.max(1, tools.length))

  const score = (word: string, scores: Map<number, number>): void => {
    const places = found.get(word) ?? []
    const rarity = Math.log(1 + (tools.length - places.length + 0.5) / (places.length + 0.5))
    for (const { tool, weight } of places) {
      const held = SATURATION * (1 - LENGTH_SHARE + (LENGTH_SHARE * (lengths[tool] ?? 0)) / average)
      scores.set(tool, (scores.get(tool) ?? 0) + (rarity * weight * (SATURATION + 1)) / (weight + held))
    }
  }
  return (query) => {
    const scores = new Map<number, number>()
    const words = new Set(wordsOf(query).slice(0, MOST_QUERY_WORDS))
    for (const word of words) for (const known of meantBy(word, found)) score(known, scores)
    return [...scores].sort(([one, a], [other, b]) => b - a || one - other).flatMap(([index]) => tools[index] ?? [])
  }
}

const MOST_LONGER = 20
const LONGEST_END = 3

/**
 * The words of the index that are meant by one of a query: itself; or else longer ones, for somebody may have written the
 * beginning of a word (`auth`, `config`); or else those with another end (`created`, `deleting`).
 */
function meantBy(word: string, found: ReadonlyMap<string, unknown>): readonly string[] {
  if (found.has(word)) return [word]
  const least = /^\p{Lo}/u.test(word) ? 1 : 3
  for (let end = 0; end <= LONGEST_END; end++) {
    if (word.length - end < (end === 0 ? least : 4)) return []
    const longer = longerWords(word.slice(0, word.length - end), found)
    if (longer.length > 0) return longer
  }
  return []
}

function longerWords(start: string, found: ReadonlyMap<string, unknown>): readonly string[] {
  const longer: string[] = []
  for (const known of found.keys()) {
    if (known.startsWith(start) && longer.push(known) >= MOST_LONGER) break
  }
  return longer
}

const AT_ONCE = 200

/** Reads what is said of tools, in parts: of thousands, nothing else would be served meanwhile. */
export async function readWords(tools: readonly Tool[]): Promise<void> {
  let read = 0
  for (const tool of tools) {
    if (weighed.has(tool)) continue
    weigh(tool)
    if (++read % AT_ONCE === 0) await new Promise((resolve) => setTimeout(resolve))
  }
}

function weigh(tool: Tool): Weighed {
  const known = weighed.get(tool)
  if (known !== undefined) return known
  const texts = textsOf(tool)
  const words = new Map<string, number>()
  let length = 0
  for (const field of Object.keys(WEIGHTS) as (keyof typeof WEIGHTS)[]) {
    for (const word of wordsOf(texts[field])) {
      words.set(word, (words.get(word) ?? 0) + WEIGHTS[field])
      length += WEIGHTS[field]
    }
  }
  const made = { words, length }
  weighed.set(tool, made)
  return made
}
