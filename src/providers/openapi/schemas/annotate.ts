import type { JsonSchema } from '../../../schema/json-schema.ts'
import { shorten } from '../names/shorten.ts'
import type { Cleaning, Draft } from './cleaning.ts'
import { fittingDefault } from './default-value.ts'
import { plainData } from './plain-data.ts'

/** Longer descriptions inside a schema cost a model more than they tell it; of answers it needs less. */
const LONGEST_DESCRIPTION = { request: 400, response: 160 } as const
const LONGEST_TITLE = 100
const LONGEST_DEFAULT = 2_000
const LONGEST_EXAMPLE = 200
const MOST_EXAMPLES = 2

/** Adds to a draft, complete but for that, what describes a schema and is worth its place. */
export function annotate(raw: JsonSchema, node: Draft, work: Cleaning): void {
  const { description, title } = raw
  if (typeof description === 'string') {
    const words = shorten(description, LONGEST_DESCRIPTION[work.side])
    if (words !== '') node.description = words
  }
  if (typeof title === 'string' && title.trim() !== '' && work.side === 'request') {
    node.title = shorten(title, LONGEST_TITLE)
  }
  if (raw.deprecated === true) node.deprecated = true
  if (work.side === 'request') exemplify(raw, node, work)
}

/** A default is filled in and so must fit; one that may not is an example at least. */
function exemplify(raw: JsonSchema, node: Draft, work: Cleaning): void {
  const given = plainData(raw.default, LONGEST_DEFAULT)
  const fitting = fittingDefault(node, given, work.patterns)
  if (fitting !== undefined) node.default = fitting
  const listed = Array.isArray(raw.examples) ? raw.examples : []
  Object.assign(node, examplesFor(node, [raw.example, ...listed, given]))
}

/** What shows a schema by a few short values; nothing where values are listed, or filled in. */
export function examplesFor(node: JsonSchema, values: readonly unknown[]): { examples?: readonly unknown[] } {
  if (node.enum !== undefined || node.const !== undefined || node.default !== undefined) return {}
  const short = values
    .filter((value) => value !== undefined && value !== null && value !== '')
    .map((value) => plainData(value, LONGEST_EXAMPLE))
    .filter((value) => value !== undefined && JSON.stringify(value).length <= LONGEST_EXAMPLE)
  const distinct = [...new Map(short.map((value) => [JSON.stringify(value), value])).values()]
  return distinct.length > 0 ? { examples: distinct.slice(0, MOST_EXAMPLES) } : {}
}

/** Keywords that describe and do not decide. */
export const ANNOTATIONS: ReadonlySet<string> = new Set(['description', 'title', 'deprecated', 'default', 'examples'])
