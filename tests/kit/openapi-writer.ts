import type { BodyPlan } from '../../src/providers/openapi/arguments/plan.ts'
import { compileWriter } from '../../src/providers/openapi/requests/compile-writer.ts'
import type { Draft, Writer } from '../../src/providers/openapi/requests/draft.ts'
import type {
  Encoding,
  MediaType,
  Parameter,
  ParameterPlace,
  RouteMethod,
} from '../../src/providers/openapi/routes/route.ts'
import type { JsonSchema } from '../../src/schema/json-schema.ts'
import { routeOf } from './openapi-route.ts'

/** A parameter as documents have it by default; `part` says what is different. */
export function parameterOf(name: string, place: ParameterPlace, part: Partial<Parameter> = {}): Parameter {
  const style = part.style ?? (place === 'path' || place === 'header' ? 'simple' : 'form')
  return {
    name,
    in: place,
    required: place === 'path',
    deprecated: false,
    style,
    explode: style === 'form' || style === 'cookie',
    allowReserved: false,
    ...part,
  }
}

/** A media type of a body or a parameter. */
export function mediaOf(type: string, encoding: Readonly<Record<string, Partial<Encoding>>> = {}): MediaType {
  const entries = Object.entries(encoding).map(
    ([name, part]) => [name, { headers: [], allowReserved: false, ...part }] as const,
  )
  return { type, encoding: new Map(entries) }
}

/** A body that is one argument, `body`. */
export function wholeBody(media: MediaType): BodyPlan {
  return { kind: 'whole', media, argument: 'body' }
}

/** A body whose properties are arguments of the same names. */
export function bodyOf(media: MediaType, names: readonly string[], required = false): BodyPlan {
  return { kind: 'properties', media, properties: new Map(names.map((name) => [name, name])), required }
}

/** What a writer is made for, where it is not a GET of `/x` with nothing to it. */
export interface WriterParts {
  readonly method?: RouteMethod
  readonly path?: string
  readonly base?: string
  /** Each under an argument of its own name. */
  readonly parameters?: readonly Parameter[]
  readonly body?: BodyPlan
  /** Of the arguments. */
  readonly properties?: JsonSchema
}

/** A writer for arguments that have the names of their parameters. */
export function writerOf(parts: WriterParts): Writer {
  const { method = parts.body === undefined ? 'GET' : 'POST', path = '/x', base = 'https://api.test/', body } = parts
  const { parameters = [], properties = {} } = parts
  const plan = {
    schema: { type: 'object', properties },
    parameters: new Map(parameters.map((parameter) => [parameter.name, parameter])),
    ...(body !== undefined && { body }),
  }
  return compileWriter(routeOf({ method, path, parameters }), plan, new URL(base))
}

/** What is sent of a body, as text. */
export async function textOfBody({ body }: Draft): Promise<string> {
  return await new Response(body ?? null).text()
}
