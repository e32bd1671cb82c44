import type { StandardSchemaV1 } from '@standard-schema/spec'
import { checkKeys } from '../../components/check-keys.ts'
import type { Tool, Wanting, Wants } from '../../components/component.ts'
import { checkName } from '../../components/component-name.ts'
import { createConvert } from '../../components/convert.ts'
import { prepareInput } from '../../components/input.ts'
import { freezeTags, frozenCopy, type Metadata, showMetadata } from '../../components/metadata.ts'
import { joinSteps } from '../../components/run.ts'
import { followStream } from '../../components/stream.ts'
import { checkTimeout } from '../../components/time-limit.ts'
import { sourceOf } from '../../components/to-block.ts'
import { prepareOutput, type ReturnOf, type StreamOf, showInput, type TypedTool } from '../../components/tool.ts'
import { backstageOf } from '../../engine/backstage.ts'
import type { Awaitable } from '../../engine/call.ts'
import type { Context } from '../../engine/context.ts'
import type { ToolAnnotations, ToolDefinition } from '../../protocol/definitions.ts'
import { DefinitionError } from '../../protocol/errors.ts'
import { isRecord } from '../../protocol/json-rpc.ts'
import type { CallToolResult } from '../../protocol/methods.ts'
import { explain } from '../../schema/explain.ts'
import type { AnySchema, CompiledSchema, OutputOf } from '../../schema/schema.ts'
import type { ArgChange, ArgChanges, FilledArgs, GivenArgs, NamedArgs } from './arg-change.ts'
import { createForward, type Forward, forwarded, forwardedIn, partsOf, unchanged } from './forward.ts'
import { type ArgPlan, planArgs } from './plan.ts'
import { checkEach, fillAbove, toBelow } from './translate.ts'

/** What to change of a tool. Everything left out stays as it is; `null` takes away. */
export interface ToolChanges<
  In,
  A extends ArgChanges<In>,
  Out extends AnySchema | null | undefined,
  Below = unknown,
  Ctx extends Context = Context,
> {
  readonly name?: string
  readonly title?: string | null
  readonly description?: string
  readonly tags?: readonly string[]
  readonly icons?: Metadata['icons'] | null
  readonly meta?: Metadata['meta'] | null
  readonly annotations?: ToolAnnotations | null
  /** The schema of results; what the tool below gives must fit it, too. Left out, that of the tool below counts. */
  readonly output?: Out
  /** Changes by the names that the arguments have now. */
  readonly args?: A & ArgChanges<In>
  /**
   * Runs in place of the tool, with the new arguments, their defaults filled in. `forward` calls the tool below with
   * arguments under their new names, `forward.raw` under their old ones; return what it gave, or anything else that a
   * tool may return.
   */
  readonly run?: (
    args: FilledArgs<In, A>,
    forward: Forward<GivenArgs<In, A>, In>,
    ctx: Ctx,
  ) => Awaitable<CallToolResult | Returned<OutputFor<Out, Below>>>
}

/** The schema that results have to fit; undefined where there is none. What the tool below gives is known by its type alone. */
type OutputFor<Out, Below> = Out extends AnySchema
  ? Out
  : Out extends null
    ? undefined
    : unknown extends Below
      ? undefined
      : StandardSchemaV1<Below>

type Returned<Out extends AnySchema | undefined> = ReturnOf<Out> | StreamOf<Out>

/**
 * Another tool made of one: renamed, described for its new users, with arguments hidden, renamed, or given defaults, and
 * with work of your own around it. The first stays as it is; take it out, or add the new one under another name. Every
 * change that cannot be throws `DefinitionError` here. The new tool can be changed again.
 *
 * @example
 * const search = transformTool(searchEverything, {
 *   name: 'search_docs',
 *   description: 'Searches the documentation',
 *   args: { index: { hide: true, default: 'docs' }, q: { name: 'query', description: 'Plain words' } },
 *   run: async ({ query }, forward) => forward({ query: query.toLowerCase() }),
 * })
 */
export function transformTool<
  In,
  Out,
  const A extends ArgChanges<NamedArgs<In>> = Record<never, never>,
  NewOut extends AnySchema | null | undefined = undefined,
  Ctx extends Context = Context,
>(
  tool: TypedTool<In, Out> & Wants<Ctx>,
  changes: ToolChanges<NamedArgs<In>, A, NewOut, Out, Ctx> & OnlyArgsOf<NamedArgs<In>, A>,
): Wanting<
  TypedTool<
    GivenArgs<NamedArgs<In>, A, 'caller'>,
    NewOut extends AnySchema ? OutputOf<NewOut> : NewOut extends null ? unknown : Out
  >,
  Ctx
> {
  if (!isTool(tool)) throw new DefinitionError('transformTool', 'give a tool, as `await mcp.getTool(name)` does')
  const name = changes.name ?? tool.definition.name
  checkKeys(`tool "${name}"`, changes, CHANGES)
  const label = checkName('tool', name)
  checkDescription(label, changes.description)
  const unplanned = (changes.args ?? {}) as Readonly<Record<string, ArgChange | undefined>> // the type of `args`, names open
  const plan = planArgs(label, tool.definition.inputSchema, unplanned)
  const isPlain =
    changes.run === undefined && plan.args.every(({ below, above, change }) => isSame(below, above, change))
  const output = changes.output === null ? undefined : (changes.output ?? tool.definition.outputSchema)
  const shown = define(label, tool, { ...changes, name, output, json: isPlain ? undefined : plan.json })
  const call =
    isPlain && changes.output === undefined
      ? tool.call.bind(tool)
      : createCall(label, tool, {
          plan,
          output,
          isNewOutput: changes.output !== undefined,
          run: changes.run as Run | undefined,
        })
  return Object.freeze({
    kind: 'tool',
    id: name,
    definition: frozenCopy(label, shown),
    tags: changes.tags === undefined ? tool.tags : freezeTags(label, changes.tags),
    ...(tool.version !== undefined && { version: tool.version }),
    call,
  })
}

function isTool(given: unknown): boolean {
  return isRecord(given) && given.kind === 'tool'
}

const CHANGES = ['name', 'title', 'description', 'tags', 'icons', 'meta', 'annotations', 'output', 'args', 'run']

/** Refuses changes of arguments that the tool does not take. */
type OnlyArgsOf<In, A> = [Exclude<keyof A & string, keyof In>] extends [never]
  ? unknown
  : { readonly args: { readonly [K in Exclude<keyof A & string, keyof In>]: never } }

type Run = (args: unknown, forward: unknown, ctx: Context) => unknown

function isSame(below: string, above: string | undefined, change: ArgChange): boolean {
  return below === above && Object.keys(change).length === 0
}

interface Defined {
  readonly name: string
  readonly title?: string | null
  readonly description?: string
  readonly icons?: Metadata['icons'] | null
  readonly meta?: Metadata['meta'] | null
  readonly annotations?: ToolAnnotations | null
  readonly output: AnySchema | undefined
  /** The new schema of the arguments, where it is another. */
  readonly json: ArgPlan['json'] | undefined
}

function define(label: string, { definition }: Tool, changes: Defined): ToolDefinition {
  const { name: _name, inputSchema, outputSchema: _output, annotations, _meta, ...face } = definition
  const { title = face.title, description = face.description, icons = face.icons, meta = _meta } = changes
  const hints = changes.annotations === undefined ? annotations : changes.annotations
  const metadata = {
    ...(title != null && { title }),
    ...(description !== undefined && { description }),
    ...(icons != null && { icons }),
  }
  return {
    name: changes.name,
    ...showMetadata(label, { ...metadata, ...(changes.meta != null && { meta: changes.meta }) }),
    // What is inherited was checked where it came from, and may hold keys that the protocol fills in.
    ...(changes.meta === undefined && meta != null && { _meta: meta }),
    inputSchema: changes.json === undefined ? inputSchema : showInput(label, changes.json),
    ...(changes.output !== undefined && { outputSchema: prepareOutput(label, changes.output).schema.json }),
    ...(hints != null && { annotations: hints }),
  }
}

interface Work {
  readonly plan: ArgPlan
  readonly output: AnySchema | undefined
  /** Whether results of the tool below have to fit another schema than the one that they were made for. */
  readonly isNewOutput: boolean
  readonly run: Run | undefined
}

function createCall(label: string, tool: Tool, { plan, output, isNewOutput, run }: Work): Tool['call'] {
  const input = prepareInput(label, plan.json)
  const forward = createForward(tool, plan)
  const convert = createConvert(label, label, output === undefined ? undefined : prepareOutput(label, output))
  const steps = joinSteps<Record<string, unknown>, CallToolResult>({
    input: withOwnSchemas(input, plan),
    // The time of the tool below is its own, and this one does not cut it short.
    limit: { label, timeout: checkTimeout(label, LONGEST) },
    async handler(args, context) {
      if (run === undefined)
        return forwarded(await tool.call(await toBelow(args, plan, context), backstageOf(context).inner()))
      return run(await fillAbove(args, plan, context), forward(context), context)
    },
    refuse: (problems, args) => ({
      content: [{ type: 'text', text: `${label}: ${explain(problems, input.json, args)}` }],
      isError: true,
    }),
    follow: (stream, context) => followStream(stream, context, sourceOf(label, label)),
    convert(returned) {
      const made = forwardedIn(returned)
      if (made === undefined) return convert(returned)
      const below = isNewOutput ? undefined : unchanged(made)
      return below ?? convert(partsOf(made, output !== undefined))
    },
  })
  return (args, context) => steps(args === undefined ? {} : args, context, label)
}

const LONGEST = 30 * 60_000

/** The check of the whole, then of each argument that has a schema of its own. */
function withOwnSchemas(input: CompiledSchema, plan: ArgPlan): CompiledSchema {
  if (plan.args.every(({ schema }) => schema === undefined)) return input
  return {
    json: input.json,
    async check(value) {
      const checked = await input.check(value)
      // The schema of the whole is that of an object.
      return checked.ok ? checkEach(checked.value as Readonly<Record<string, unknown>>, plan) : checked
    },
  }
}

function checkDescription(label: string, description: unknown): void {
  if (description === undefined || (typeof description === 'string' && description.trim() !== '')) return
  throw new DefinitionError(label, 'give it a description; a model chooses by it')
}
