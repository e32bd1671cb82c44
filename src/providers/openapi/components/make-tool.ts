import type { Tool } from '../../../components/component.ts'
import { checkName } from '../../../components/component-name.ts'
import { joinSteps } from '../../../components/run.ts'
import type { Context } from '../../../engine/context.ts'
import type { ToolAnnotations, ToolDefinition } from '../../../protocol/definitions.ts'
import { noteJson } from '../../../protocol/known-json.ts'
import type { CallToolResult } from '../../../protocol/methods.ts'
import { compileInput } from '../../../schema/compile.ts'
import { explain } from '../../../schema/explain.ts'
import type { JsonSchema } from '../../../schema/json-schema.ts'
import { objectRoot } from '../../../schema/root.ts'
import type { CompiledSchema } from '../../../schema/schema.ts'
import { withExactIntegers } from '../arguments/exact-integers.ts'
import { withNeededDefaults } from '../arguments/needed-defaults.ts'
import type { RouteCall } from '../call/compile-call.ts'
import { freezeSchema } from '../schemas/freeze-schema.ts'

/** What a tool is made of. */
export interface ToolParts {
  readonly name: string
  readonly title?: string | undefined
  readonly description: string
  readonly annotations: ToolAnnotations
  readonly tags: readonly string[]
  readonly inputSchema: JsonSchema
  readonly outputSchema?: JsonSchema | undefined
  /** Milliseconds for a call with all its requests. */
  readonly timeout: number
  readonly call: RouteCall
}

type Arguments = Readonly<Record<string, unknown>>

/**
 * A tool that calls one operation. Arguments are repaired and checked before anything is sent; their check is made with the
 * first call, as most operations of a large API are never called. Throws for a schema of anything but an object.
 */
export function makeTool(parts: ToolParts): Tool {
  const { name, title, description, annotations, outputSchema, timeout, call } = parts
  const label = checkName('tool', name)
  // Cleaned as it is, nothing of it needs to be looked at again, or copied, before somebody calls the tool.
  const inputSchema = objectRoot(freezeSchema(parts.inputSchema))
  const input = checkedLater(inputSchema)
  // An API has many, and all of them come at once.
  const definition: ToolDefinition = noteJson(
    Object.freeze({
      name,
      ...(title !== undefined && { title }),
      description,
      inputSchema,
      ...(outputSchema !== undefined && { outputSchema }),
      annotations: Object.freeze(annotations),
    }),
  )
  const run = joinSteps<Arguments, CallToolResult>({
    input,
    handler: call.result,
    limit: { label, timeout },
    refuse: (problems, args) => ({
      content: [{ type: 'text', text: `${name}: ${explain(problems, input.json, args)}` }],
      isError: true,
    }),
    // Made by the reader of answers.
    convert: (result) => result as CallToolResult,
  })
  return Object.freeze({
    kind: 'tool',
    id: name,
    definition,
    tags: Object.freeze([...parts.tags]),
    call: (args: unknown, context: Context) => run(args === undefined ? {} : args, context, name),
  })
}

function checkedLater(json: JsonSchema): CompiledSchema {
  let made: CompiledSchema | undefined
  return {
    json,
    check(value) {
      made ??= withExactIntegers(compileInput(withNeededDefaults(json)))
      return made.check(value)
    },
  }
}
