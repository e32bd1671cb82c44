import type { Tool } from '../../components/component.ts'
import { tool } from '../../components/tool.ts'
import { backstageOf } from '../../engine/backstage.ts'
import type { Context } from '../../engine/context.ts'
import type { ToolDefinition } from '../../protocol/definitions.ts'
import { DefinitionError, ToolError } from '../../protocol/errors.ts'
import type { Provider, Transform } from '../../providers/provider.ts'
import { nearest } from '../../schema/nearest.ts'
import { withTools } from '../added-tools.ts'
import { bm25, type Ranking, readWords } from '../search/ranking.ts'
import { definitionsSeen, oncePerId } from '../search/visible-tools.ts'
import { codeSource } from './code-source.ts'
import { failureOf } from './failure.ts'
import { isTooDeep, MOST_LEVELS } from './levels.ts'
import { type CodeLimits, limitsFrom } from './limits.ts'
import { nestedCalls } from './nested-calls.ts'
import { createSandboxes, type Outcome, type SandboxRun } from './sandbox.ts'
import { typingsOf } from './typings.ts'

/** What code may use, and what the three tools are called. */
export interface CodeModeOptions {
  readonly limits?: CodeLimits
  readonly names?: { readonly search?: string; readonly describe?: string; readonly execute?: string }
}

/**
 * Replaces the tools that a source lists by three: one that finds tools, one that describes them as TypeScript, and one that
 * runs code a model wrote against them. The code runs in a sandbox; its calls have the rights of the caller.
 *
 * @example
 * mcp.transform(codeMode({ limits: { calls: 20 } }))
 */
export function codeMode({ limits = {}, names = {} }: CodeModeOptions = {}): Transform {
  const most = limitsFrom(limits)
  const called = { search: 'search', describe: 'describe', execute: 'execute', ...names }
  if (new Set(Object.values(called)).size < 3) throw new DefinitionError('codeMode', 'two tools would have one name')
  const runtime = { run: createSandboxes(), limits: most, atOnce: createPlaces(most) }
  return (source) => {
    const inside = createInside(source, Object.values(called))
    return withTools(
      source,
      [finder(called, inside), describer(called, inside), executor(called, inside, runtime)],
      () => [],
    )
  }
}

type Names = Readonly<Record<'search' | 'describe' | 'execute', string>>

/** What code is run by. */
interface Runtime {
  readonly run: (run: SandboxRun) => Promise<Outcome>
  readonly limits: Required<CodeLimits>
  readonly atOnce: <T>(work: () => Promise<T>) => Promise<T>
}

const READING = { readOnlyHint: true, openWorldHint: false } as const
const MOST_FOUND = 50

/** The tools that code can call. */
interface Inside {
  /** Those that a text means, the best first; all where it says nothing. */
  find(query: string, context: Context): Promise<readonly Tool[]>
}

function createInside(source: Provider, own: readonly string[]): Inside {
  const kept = new WeakMap<object, Ranking>()
  return {
    async find(query, context) {
      const all = await source.list('tool', context)
      const tools = oncePerId(all).filter(({ id }) => !own.includes(id))
      if (query.trim() === '') return tools
      await readWords(tools)
      const ranking = kept.get(all) ?? bm25(tools)
      kept.set(all, ranking)
      return ranking(query)
    },
  }
}

function finder({ search, describe }: Names, inside: Inside): Tool {
  return tool(
    search,
    {
      description: `Finds tools that code can call, by what they do. Gives names and descriptions; ${describe} gives their types`,
      input: {
        type: 'object',
        properties: {
          query: { type: 'string', maxLength: 1_000, description: 'In a few words; left out, all tools' },
          limit: { type: 'integer', minimum: 1, maximum: MOST_FOUND, default: 20 },
        },
      },
      annotations: READING,
    },
    async (args, context) => {
      const { query = '', limit = 20 } = args as { readonly query?: string; readonly limit?: number } // as the schema says
      const tools = await definitionsSeen(await inside.find(query, context), context, limit)
      return { tools: tools.map(({ name, description }) => ({ name, description })) }
    },
  )
}

function describer({ search, describe, execute }: Names, inside: Inside): Tool {
  return tool(
    describe,
    {
      description: `Describes tools as TypeScript, as code for ${execute} calls them. Their names are those that ${search} gives`,
      input: {
        type: 'object',
        properties: { names: { type: 'array', items: { type: 'string' }, minItems: 1, maxItems: MOST_FOUND } },
        required: ['names'],
      },
      annotations: READING,
    },
    async (args, context) => {
      const { names } = args as { readonly names: readonly string[] } // as the schema says
      const wanted = new Set(names)
      const tools = (await inside.find('', context)).filter(({ id }) =>
        wanted.has(backstageOf(context).server.outside('tool', id)),
      )
      const seen = await definitionsSeen(tools, context)
      const missing = names.filter((name) => !seen.some((each) => each.name === name))
      if (missing.length > 0) throw await unknownTools(missing, inside, context)
      return typingsOf(seen)
    },
  )
}

async function unknownTools(missing: readonly string[], inside: Inside, context: Context): Promise<ToolError> {
  const known = await namesSeen(inside, context)
  const words = missing.map((name) => {
    const meant = nearest(name, known)
    return `${name.slice(0, 100)}${meant === undefined ? '' : ` (did you mean ${meant}?)`}`
  })
  return new ToolError('NOT_FOUND', `There is no tool ${words.join(', ')}`)
}

async function namesSeen(inside: Inside, context: Context): Promise<readonly string[]> {
  const seen: readonly ToolDefinition[] = await definitionsSeen(await inside.find('', context), context, 500)
  return seen.map(({ name }) => name)
}

function executor(names: Names, inside: Inside, { run, limits, atOnce }: Runtime): Tool {
  return tool(
    names.execute,
    {
      description:
        `Runs TypeScript that calls tools: the body of an async function. Call them as await tools.name({ … }) (or ` +
        `tools["odd-name"]), several at a time with Promise.all, and return what you want to know. ${names.search} finds ` +
        `tools, ${names.describe} gives their types. There is no network, no file and no import; console.log is shown`,
      input: {
        type: 'object',
        properties: { code: { type: 'string', minLength: 1, maxLength: 50_000 } },
        required: ['code'],
      },
      timeout: limits.timeMs,
    },
    async (args, context) => {
      const { code } = args as { readonly code: string } // as the schema says
      const own = new Set(Object.values(names).map((name) => backstageOf(context).server.outside('tool', name)))
      const call = nestedCalls(context, {
        own,
        meant: async (name) => nearest(name, await namesSeen(inside, context)),
      })
      const { memoryBytes, calls, outputBytes } = limits
      const outcome = await atOnce(async () => {
        const job = { ...(await sameAgain(context)), code: codeSource(code), memoryBytes, calls, outputBytes }
        return run({ ...job, signal: context.signal, call })
      })
      if (!outcome.ok) throw failureOf(outcome, code)
      return answerOf(outcome)
    },
  )
}

function answerOf({ text, output }: Outcome): Readonly<Record<string, unknown>> {
  const result: unknown = text === '' ? null : JSON.parse(text)
  if (isTooDeep(result)) {
    throw new ToolError(
      'CODE_FAILED',
      `The result nests deeper than ${MOST_LEVELS} levels; return only what is needed of it`,
    )
  }
  if (output !== '') return { result, output }
  return text === '' ? { result, hint: 'The code returned nothing; return what you want to know' } : { result }
}

/** What code takes for now and for chance: the same whenever it is run again for answers of the client. */
function sameAgain(context: Context): Promise<{ readonly now: number; readonly seed: number }> {
  return context.once('code-start', () => ({ now: Date.now(), seed: Math.floor(Math.random() * 2 ** 31) }))
}

/** Nobody waits for a free place: code that waits for a person may hold one for long. */
function createPlaces({ runs }: Required<CodeLimits>): Runtime['atOnce'] {
  let running = 0
  return async (work) => {
    if (running >= runs) throw new ToolError('RATE_LIMITED', 'Too much code is running already; try again in a moment')
    running++
    try {
      return await work()
    } finally {
      running--
    }
  }
}
