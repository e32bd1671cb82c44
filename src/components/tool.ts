import type { Awaitable } from '../engine/call.ts'
import type { Context } from '../engine/context.ts'
import type { ToolAnnotations, ToolDefinition } from '../protocol/definitions.ts'
import { DefinitionError } from '../protocol/errors.ts'
import type { InputRequired } from '../protocol/input-required.ts'
import type { CallToolResult } from '../protocol/methods.ts'
import { compileOutput } from '../schema/compile.ts'
import { explain } from '../schema/explain.ts'
import { readHeaderParams } from '../schema/header-params.ts'
import type { JsonSchema } from '../schema/json-schema.ts'
import { isObjectRoot, objectRoot } from '../schema/root.ts'
import type { AnySchema, InputOf, OutputOf } from '../schema/schema.ts'
import type { Tool, Wanting } from './component.ts'
import { checkName } from './component-name.ts'
import { createConvert, type Output } from './convert.ts'
import { definedBy, prepareInput } from './input.ts'
import { freezeTags, frozenCopy, type Metadata, showMetadata, versionMember } from './metadata.ts'
import { joinSteps } from './run.ts'
import { followStream } from './stream.ts'
import { checkTimeout } from './time-limit.ts'
import { sourceOf } from './to-block.ts'
import type { ToolResult } from './tool-result.ts'

/** What a tool is, besides its name and its handler. */
export interface ToolOptions<
  In extends AnySchema | undefined = AnySchema | undefined,
  Out extends AnySchema | undefined = AnySchema | undefined,
> extends Metadata {
  /** What the model reads to decide whether to call it. */
  readonly description: string
  /** The arguments; an object. Left out, the tool takes none. */
  readonly input?: In
  /** What the handler returns; results are checked against it, advertised, and sent structured. */
  readonly output?: Out
  /** Hints for clients: read-only, destructive, idempotent, open-world. */
  readonly annotations?: ToolAnnotations
  /** Milliseconds until a call fails with `TIMEOUT`; default 60,000, at most 30 minutes. */
  readonly timeout?: number
  /** Whether arguments in the wrong spelling, such as `"3"` for a number, are put right first; default true. */
  readonly repair?: boolean
}

/** The arguments a handler receives: what the schema gives, or nothing where there is no schema. */
export type ArgsOf<In extends AnySchema | undefined> = In extends AnySchema ? OutputOf<In> : Record<string, never>

/** What a handler may return: what `output` takes, or anything with a form in JSON or content where there is none. */
export type ReturnOf<Out extends AnySchema | undefined> = Out extends AnySchema
  ? InputOf<Out> | ToolResult<InputOf<Out>> | InputRequired
  : unknown

/**
 * What a handler written as `async function*` may yield and return. Its result is what it returns, or where it returns
 * nothing the list of what it yields: `output` is the schema of that.
 */
export type StreamOf<Out extends AnySchema | undefined> = Out extends AnySchema
  ? AsyncGenerator<ItemOf<InputOf<Out>>, void> | AsyncGenerator<unknown, ReturnOf<Out>>
  : AsyncGenerator<unknown, unknown>

type ItemOf<List> = List extends readonly (infer Item)[] ? Item : never

/** The function behind a tool. `Ctx` is more than `Context` where a guard added to it. */
export type ToolHandler<
  In extends AnySchema | undefined,
  Out extends AnySchema | undefined,
  Ctx extends Context = Context,
> = (args: ArgsOf<In>, ctx: Ctx) => Awaitable<ReturnOf<Out> | StreamOf<Out>>

/** The arguments a caller gives: what the schema takes, before its defaults and transforms. */
export type CallArgsOf<In extends AnySchema | undefined> = In extends AnySchema ? InputOf<In> : Record<string, never>

/** A tool whose arguments and data are known to the compiler, for whoever builds on it. */
export interface TypedTool<In = Record<string, unknown>, Out = unknown> extends Tool {
  /** For the compiler alone; there is no such member. */
  readonly '~types'?: { readonly input: In; readonly output: Out }
}

/** The tool that `tool` makes with these schemas. */
export type ToolOf<In extends AnySchema | undefined, Out extends AnySchema | undefined> = TypedTool<
  CallArgsOf<In>,
  Out extends AnySchema ? OutputOf<Out> : unknown
>

/**
 * Makes a tool from a typed function. Everything that can be wrong with it throws `DefinitionError`
 * here and not at the first call.
 *
 * @example
 * const add = tool(
 *   'add',
 *   { description: 'Add two numbers', input: z.object({ a: z.number(), b: z.number() }) },
 *   ({ a, b }) => a + b,
 * )
 * mcp.add(add)
 */
export function tool<
  In extends AnySchema | undefined = undefined,
  Out extends AnySchema | undefined = undefined,
  Ctx extends Context = Context,
>(name: string, options: ToolOptions<In, Out>, handler: ToolHandler<In, Out, Ctx>): Wanting<ToolOf<In, Out>, Ctx> {
  const label = checkName('tool', name)
  checkDescription(label, options.description)
  const input = prepareInput(label, options.input, options.repair === undefined ? {} : { repair: options.repair })
  const output = options.output === undefined ? undefined : prepareOutput(label, options.output)
  const convert = createConvert(label, name, output)
  const run = joinSteps<ArgsOf<In>, CallToolResult>({
    input,
    handler: handler as ToolHandler<In, Out>, // which is only added where there is such a context
    limit: { label, timeout: checkTimeout(label, options.timeout) },
    refuse: (problems, args) => failure(`${name}: ${explain(problems, input.json, args)}`),
    follow: (stream, context) => followStream(stream, context, sourceOf(label, name)),
    convert,
  })
  const definition: ToolDefinition = {
    name,
    ...showMetadata(label, options),
    inputSchema: showInput(label, input.json),
    ...(output && { outputSchema: output.schema.json }),
    ...(options.annotations && { annotations: options.annotations }),
  }

  const made: ToolOf<In, Out> = Object.freeze({
    kind: 'tool',
    id: name,
    definition: frozenCopy(label, definition),
    tags: freezeTags(label, options.tags),
    ...versionMember(label, options.version),
    call: (args: unknown, context: Context) => run(args === undefined ? {} : args, context, name),
  })
  return made as Wanting<ToolOf<In, Out>, Ctx> // which adds nothing to it but the type
}

function checkDescription(label: string, description: unknown): void {
  if (typeof description === 'string' && description.trim() !== '') return
  throw new DefinitionError(label, 'give it a description; a model chooses by it')
}

/** Clients leave a tool out whose annotations cannot be, so that it fails here and not there. */
export function showInput(label: string, json: JsonSchema): ToolDefinition['inputSchema'] {
  const shown = definedBy(label, 'input', () => objectRoot(json))
  const { problem } = readHeaderParams(shown)
  if (problem !== undefined) throw new DefinitionError(label, `input: ${problem}`)
  return shown
}

/** Makes the schema of results ready. */
export function prepareOutput(label: string, schema: AnySchema): Output {
  const compiled = definedBy(label, 'output', () => compileOutput(schema))
  return { schema: compiled, plainFirst: !('~standard' in schema), objectRoot: isObjectRoot(compiled.json) }
}

function failure(text: string): CallToolResult {
  return { content: [{ type: 'text', text }], isError: true }
}
