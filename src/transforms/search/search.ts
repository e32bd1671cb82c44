import { checkKeys } from '../../components/check-keys.ts'
import type { Tool } from '../../components/component.ts'
import { tool } from '../../components/tool.ts'
import { backstageOf } from '../../engine/backstage.ts'
import type { Context } from '../../engine/context.ts'
import type { ToolDefinition } from '../../protocol/definitions.ts'
import { DefinitionError } from '../../protocol/errors.ts'
import type { Transform } from '../../providers/provider.ts'
import type { JsonSchema } from '../../schema/json-schema.ts'
import { withTools } from '../added-tools.ts'
import { type Selection, selects } from '../select.ts'
import { callFound } from './call-found.ts'
import { matching } from './matching.ts'
import { bm25, type Ranking, readWords } from './ranking.ts'
import { definitionsSeen, oncePerId } from './visible-tools.ts'

/** How tools are found. */
export interface SearchOptions {
  /** By what a query says (`bm25`, the default), or as a regular expression. */
  readonly engine?: 'bm25' | 'regex'
  /** Tools that stay in the list: names, or a selection. */
  readonly alwaysVisible?: Selection | readonly string[]
  /** Most tools that one search gives; default 8. */
  readonly maxResults?: number
  /** What the two tools are called. */
  readonly names?: { readonly search?: string; readonly call?: string }
}

/**
 * Replaces the tools that a source lists by two: one that finds tools, with their full definitions, and one that calls what
 * was found. For catalogues too large to be shown to a model whole. Nothing is found or called that the caller could not
 * call directly.
 *
 * @example
 * mcp.transform(search({ alwaysVisible: ['help'] }))
 */
export function search(options: SearchOptions = {}): Transform {
  checkKeys('search', options, ['engine', 'alwaysVisible', 'maxResults', 'names'])
  const { engine = 'bm25', alwaysVisible = [], maxResults = 8, names = {} } = options
  checkKeys('search, names', names, ['search', 'call'])
  const { search: searchName = 'search_tools', call: callName = 'call_tool' } = names
  if (engine !== 'bm25' && engine !== 'regex') {
    throw new DefinitionError('search', `there is no engine "${String(engine)}"; say bm25 or regex`)
  }
  if (!Number.isInteger(maxResults) || maxResults < 1) {
    throw new DefinitionError('search', `maxResults is ${maxResults}; give a whole number above 0`)
  }
  if (searchName === callName) throw new DefinitionError('search', `both tools would be called "${callName}"`)
  const stays = selects('search: alwaysVisible', isList(alwaysVisible) ? { names: alwaysVisible } : alwaysVisible)
  const isOwn = ({ id }: Tool): boolean => id === searchName || id === callName
  const kept = new WeakMap<object, Ranking>()

  const rankingOf = (tools: readonly Tool[]): Ranking => {
    const known =
      kept.get(tools) ?? (engine === 'bm25' ? bm25 : matching)(oncePerId(tools).filter((each) => !isOwn(each)))
    kept.set(tools, known)
    return known
  }
  return (source) => {
    const find = async ({ query, limit = maxResults }: Wanted, context: Context): Promise<Found> => {
      const tools = await source.list('tool', context)
      if (engine === 'bm25') await readWords(tools)
      const ranked = rankingOf(tools)(query)
      // One more than is shown tells whether there are more for this caller.
      const seen = await definitionsSeen(ranked, context, limit + 1)
      return {
        tools: seen.slice(0, limit),
        hint: hintFor(seen.length, limit, backstageOf(context).server.outside('tool', callName)),
      }
    }
    const finder = tool(
      searchName,
      {
        description: DESCRIPTIONS[engine],
        input: inputOf(engine, maxResults),
        annotations: { readOnlyHint: true, openWorldHint: false },
      },
      // As the schema says.
      (args, context) => find(args as unknown as Wanted, context),
    )
    return withTools(source, [finder, callFound({ call: callName, search: searchName })], (tools) =>
      tools.filter(stays),
    )
  }
}

/** A list of names that may only be read is not seen as a list by `Array.isArray`. */
function isList(names: Selection | readonly string[]): names is readonly string[] {
  return Array.isArray(names)
}

interface Wanted {
  readonly query: string
  readonly limit?: number
}

interface Found {
  readonly tools: readonly ToolDefinition[]
  readonly hint: string
}

function hintFor(found: number, limit: number, call: string): string {
  if (found === 0) return 'Nothing was found. Say it in other words, or more generally.'
  const hint = `Call one with ${call}.`
  return found <= limit ? hint : `${hint} There are more. Be more specific if none of these fits.`
}

// Without the name of the other tool: it is another one in a namespace.
const DESCRIPTIONS = {
  bm25: `Finds tools of this server by what they do; most of them are in no list. Gives their definitions, to call them by`,
  regex:
    `Finds tools of this server by a regular expression, such as issue|ticket, in their names, descriptions and arguments; ` +
    `most of them are in no list. Gives their definitions, to call them by`,
} as const

function inputOf(engine: 'bm25' | 'regex', maxResults: number): JsonSchema {
  const query = engine === 'bm25' ? 'What the tool should do, in a few words' : 'The expression; capitals do not count'
  return {
    type: 'object',
    properties: {
      query: { type: 'string', description: query, minLength: 1, maxLength: 1_000 },
      limit: { type: 'integer', minimum: 1, maximum: maxResults, description: 'Most tools to give' },
    },
    required: ['query'],
  }
}
