import { definedBy, NO_INPUT } from '../components/input.ts'
import { joinSteps } from '../components/run.ts'
import { checkTimeout } from '../components/time-limit.ts'
import { type Ability, declarationOf } from '../engine/abilities.ts'
import type { AddedMethod, CacheHint } from '../engine/application.ts'
import type { Awaitable } from '../engine/call.ts'
import type { Context } from '../engine/context.ts'
import { checkCacheHint } from '../protocol/cache-hint.ts'
import { DefinitionError, McpError } from '../protocol/errors.ts'
import { isRecord, type Params } from '../protocol/json-rpc.ts'
import { methodNameProblem } from '../protocol/reserved-methods.ts'
import { compileInput } from '../schema/compile.ts'
import { explain } from '../schema/explain.ts'
import { objectRoot } from '../schema/root.ts'
import type { AnySchema, CompiledSchema } from '../schema/schema.ts'
import type { Extension, ExtensionMethod } from './extension.ts'

/** A method of an extension made ready to serve. */
export interface Prepared extends AddedMethod {
  /** Checks who calls and with what, and runs the handler. */
  call(params: Params, context: Context): Awaitable<object>
}

/** What a method is prepared for. */
export interface Surrounding {
  readonly extension: Extension
  /** The hint of a server for results of a method that says nothing itself. */
  readonly cacheHint: (method: string) => CacheHint
}

/** Makes a method ready. Throws `DefinitionError` that names it. */
export function prepareMethod(
  name: string,
  { options, handler }: ExtensionMethod,
  { extension, cacheHint }: Surrounding,
): Prepared {
  const label = `method "${name.slice(0, 80)}" of ${extension.id}`
  const problem = methodNameProblem(name)
  if (problem !== undefined) throw new DefinitionError(label, problem)
  if (typeof handler !== 'function') throw new DefinitionError(label, 'make it by method(options, handler)')
  const { params: schema, nameFrom, requiresClient = true, cache } = options
  if (cache !== undefined) checkCacheHint(`cache of ${label}`, cache)
  const input = schema === undefined ? NO_INPUT : definedBy(label, 'params', () => compileParams(schema))
  const run = joinSteps<Record<string, never>, object>({
    input,
    handler,
    limit: { label, timeout: checkTimeout(label, options.timeout) },
    refuse: (problems, params) => {
      throw new McpError('INVALID_PARAMS', `Invalid parameters: ${explain(problems, input.json, params)}`)
    },
    convert: (returned) => {
      if (isRecord(returned)) return returned
      throw new TypeError(`${label} returned something that is no object`)
    },
  })
  const ability: Ability | undefined = requiresClient ? `extensions.${extension.id}` : undefined
  return {
    nameFrom,
    needsResultTypes: hasResultTypes(extension),
    get cacheHint() {
      return cache && { ...cacheHint(name), ...cache }
    },
    call({ _meta, ...params }, context) {
      if (ability !== undefined && !context.client.can(ability)) throw undeclared(ability, name)
      return run(params, context, name)
    },
  }
}

/** Programs send parameters, not models: there is nothing to repair. */
function compileParams(schema: AnySchema): CompiledSchema {
  const compiled = compileInput(schema, { repair: false })
  objectRoot(compiled.json)
  return compiled
}

/** Whether an extension has types of result of its own. */
export function hasResultTypes({ resultTypes = [] }: Extension): boolean {
  return resultTypes.length > 0
}

function undeclared(ability: Ability, name: string): McpError {
  return new McpError('MISSING_CLIENT_CAPABILITY', `${name} is for clients that declare the capability ${ability}`, {
    data: { requiredCapabilities: declarationOf(ability) },
  })
}
