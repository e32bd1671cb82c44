import type { Awaitable } from '../engine/call.ts'
import type { Context } from '../engine/context.ts'
import type { PromptArgument, PromptDefinition } from '../protocol/definitions.ts'
import { McpError } from '../protocol/errors.ts'
import type { InputRequired } from '../protocol/input-required.ts'
import type { GetPromptResult } from '../protocol/methods.ts'
import { explain } from '../schema/explain.ts'
import type { JsonSchema } from '../schema/json-schema.ts'
import { objectRoot } from '../schema/root.ts'
import type { AnySchema } from '../schema/schema.ts'
import { type ArgumentName, type Completions, prepareCompletion } from './completion.ts'
import type { Prompt, Wanting } from './component.ts'
import { checkName } from './component-name.ts'
import { definedBy, prepareInput } from './input.ts'
import { membersOf } from './members.ts'
import { freezeTags, frozenCopy, type Metadata, showMetadata, versionMember } from './metadata.ts'
import { type PromptReturn, toMessages } from './prompt-messages.ts'
import { joinSteps } from './run.ts'
import { checkTimeout } from './time-limit.ts'
import type { ArgsOf } from './tool.ts'

/** What a prompt is, besides its name and its handler. */
export interface PromptOptions<In extends AnySchema | undefined = AnySchema | undefined, Ctx extends Context = Context>
  extends Metadata {
  /** The arguments; an object. They travel as strings: for another type a client sends its JSON text. */
  readonly input?: In
  /** Values that a client may offer while somebody fills the prompt in. */
  readonly complete?: Completions<ArgumentName<In>, Ctx>
  /** Milliseconds until a request fails with `TIMEOUT`; default 60,000, at most 30 minutes. */
  readonly timeout?: number
}

/** The function behind a prompt. */
export type PromptHandler<In extends AnySchema | undefined, Ctx extends Context = Context> = (
  args: ArgsOf<In>,
  ctx: Ctx,
) => Awaitable<PromptReturn | InputRequired>

/**
 * Makes a prompt from a typed function. A string is one message of the user; for more return a list of
 * strings, content, `user(…)` and `assistant(…)`.
 *
 * @example
 * const review = prompt(
 *   'review',
 *   { description: 'Review code', input: z.object({ code: z.string() }) },
 *   ({ code }) => `Review this:\n${code}`,
 * )
 * mcp.add(review)
 */
export function prompt<In extends AnySchema | undefined = undefined, Ctx extends Context = Context>(
  name: string,
  options: PromptOptions<In, Ctx>,
  handler: PromptHandler<In, Ctx>,
): Wanting<Prompt, Ctx> {
  const label = checkName('prompt', name)
  const limit = { label, timeout: checkTimeout(label, options.timeout) }
  const input = prepareInput(label, options.input, { fromText: true })
  const shown = argumentsIn(definedBy(label, 'input', () => objectRoot(input.json)))
  const run = joinSteps<ArgsOf<In>, GetPromptResult>({
    input,
    handler: handler as PromptHandler<In>, // which is only added where there is such a context
    limit,
    refuse: (problems, args) => {
      throw new McpError('INVALID_PARAMS', `${name}: ${explain(problems, input.json, args)}`)
    },
    convert: (returned) => {
      const messages = toMessages(returned, label)
      return options.description === undefined ? { messages } : { description: options.description, messages }
    },
  })
  const definition: PromptDefinition = {
    name,
    ...showMetadata(label, options),
    ...(shown.length > 0 && { arguments: shown }),
  }

  const made: Prompt = Object.freeze({
    kind: 'prompt',
    id: name,
    definition: frozenCopy(label, definition),
    tags: freezeTags(label, options.tags),
    ...versionMember(label, options.version),
    get: (args: Readonly<Record<string, string>>, context: Context) => run(args, context, name),
    complete: prepareCompletion(
      // Names are checked against the schema again, for those who come without a compiler.
      options.complete as Completions<string> | undefined,
      shown.map((argument) => argument.name),
      limit,
    ),
  })
  return made as Wanting<Prompt, Ctx> // which adds nothing to it but the type
}

function argumentsIn(json: JsonSchema): PromptArgument[] {
  return Array.from(membersOf(json), ([name, { schema, required }]) => ({
    name,
    ...(typeof schema.title === 'string' && { title: schema.title }),
    ...(typeof schema.description === 'string' && { description: schema.description }),
    required,
  }))
}
